/** Tests of what is recorded of statements. */
@NullMarked
package dev.halcyon.proxy.digest;

import org.jspecify.annotations.NullMarked;
