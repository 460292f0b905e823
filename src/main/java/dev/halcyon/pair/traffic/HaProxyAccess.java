package dev.halcyon.pair.traffic;

import dev.halcyon.pair.Member;

/**
 * Where HAProxy is told what to do.
 *
 * @param socket its runtime socket: a path, or host and port of this machine
 * @param backend in TCP mode, with the pair's servers under the pair's names; the one that clients
 *     are not led to is in maintenance
 * @param entrance what answers where clients come in
 */
public record HaProxyAccess(String socket, String backend, Member entrance) {}
