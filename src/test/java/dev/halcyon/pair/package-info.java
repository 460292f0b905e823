/** Tests of the pair on real servers, with clients at work and things going wrong. */
@NullMarked
package dev.halcyon.pair;

import org.jspecify.annotations.NullMarked;
