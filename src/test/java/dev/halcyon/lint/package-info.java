/** Tests of the rules: folders of SQL in, findings out. */
@NullMarked
package dev.halcyon.lint;

import org.jspecify.annotations.NullMarked;
