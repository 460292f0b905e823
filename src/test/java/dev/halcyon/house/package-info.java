/** The rules of the house: rows, sizes, captions, words and documents. */
@NullMarked
package dev.halcyon.house;

import org.jspecify.annotations.NullMarked;
