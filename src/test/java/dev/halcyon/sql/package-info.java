/** Pure cases: SQL in, values out. */
@NullMarked
package dev.halcyon.sql;

import org.jspecify.annotations.NullMarked;
