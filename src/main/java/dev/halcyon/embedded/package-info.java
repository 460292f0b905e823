/** Real MariaDB and MySQL server processes on loopback, for the demo and the tests. */
@NullMarked
package dev.halcyon.embedded;

import org.jspecify.annotations.NullMarked;
