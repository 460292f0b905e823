/** The command line as its users meet it. */
@NullMarked
package dev.halcyon.cli;

import org.jspecify.annotations.NullMarked;
