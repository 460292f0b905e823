/** Tests of the demonstration, and that its checks can fail. */
@NullMarked
package dev.halcyon.demo;

import org.jspecify.annotations.NullMarked;
