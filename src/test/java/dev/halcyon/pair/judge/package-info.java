/** Schema differences, judged and measured. */
@NullMarked
package dev.halcyon.pair.judge;

import org.jspecify.annotations.NullMarked;
