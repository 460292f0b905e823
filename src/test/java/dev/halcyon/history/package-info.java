/**
 * What clients did to lists in transactions, and whether that could have been one after the other.
 */
@NullMarked
package dev.halcyon.history;

import org.jspecify.annotations.NullMarked;
