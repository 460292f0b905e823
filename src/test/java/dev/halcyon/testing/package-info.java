/** Real servers, fresh schemas, leak checks, faults and load for the tests. */
@NullMarked
package dev.halcyon.testing;

import org.jspecify.annotations.NullMarked;
