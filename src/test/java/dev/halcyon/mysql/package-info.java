/** Tests of sessions, faults, patient DDL and server checks on real servers. */
@NullMarked
package dev.halcyon.mysql;

import org.jspecify.annotations.NullMarked;
