/** Tests of the binary log on real servers. */
@NullMarked
package dev.halcyon.binlog;

import org.jspecify.annotations.NullMarked;
