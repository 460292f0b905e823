/** Binary log: the changes of the watched tables' rows, in the order of their commits. */
@NullMarked
package dev.halcyon.binlog;

import org.jspecify.annotations.NullMarked;
