/** Sessions with the database server, what it says, and how faults are told apart. */
@NullMarked
package dev.halcyon.mysql;

import org.jspecify.annotations.NullMarked;
