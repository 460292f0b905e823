/** The forms in which findings are handed to people and programs. Pure. */
@NullMarked
package dev.halcyon.lint.report;

import org.jspecify.annotations.NullMarked;
