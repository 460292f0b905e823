/** What stands before servers, as it lets itself be told: HAProxy's socket, people's commands. */
@NullMarked
package dev.halcyon.balancer;

import org.jspecify.annotations.NullMarked;
