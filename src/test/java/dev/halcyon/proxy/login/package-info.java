/** Tests of proofs and of the throttle. */
@NullMarked
package dev.halcyon.proxy.login;

import org.jspecify.annotations.NullMarked;
