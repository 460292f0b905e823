/** Parses and prints: change files, directives, statements, identifiers, table shapes. */
@NullMarked
package dev.halcyon.sql;

import org.jspecify.annotations.NullMarked;
