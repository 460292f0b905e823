/** Tests of the decision where held clients may go on. */
@NullMarked
package dev.halcyon.proxy.lease;

import org.jspecify.annotations.NullMarked;
