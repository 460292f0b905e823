/** Commands, settings, and what a person or a program reads of a run. */
@NullMarked
package dev.halcyon.cli;

import org.jspecify.annotations.NullMarked;
