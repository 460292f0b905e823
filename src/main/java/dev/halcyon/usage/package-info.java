/** What applications still read and write, as far as anybody was watching. */
@NullMarked
package dev.halcyon.usage;

import org.jspecify.annotations.NullMarked;
