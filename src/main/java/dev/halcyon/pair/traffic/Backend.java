package dev.halcyon.pair.traffic;

import dev.halcyon.balancer.BalancerException;
import dev.halcyon.balancer.RuntimeSocket;
import dev.halcyon.balancer.ServerStat;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Refusal;
import dev.halcyon.pair.Member;
import dev.halcyon.pair.Pair;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The two servers of a pair in HAProxy. All that it keeps is kept there, so that whoever comes
 * later finds it: a server in maintenance gets no clients, one that may have a single session lets
 * all others queue.
 */
record Backend(RuntimeSocket socket, String name, Pair pair) {
  private static final long HELD = 1;

  /**
   * Stands for none, which HAProxy writes 0: then it would not look at its queue again (HAProxy
   * 2.6, src/queue.c, process_srv_queue).
   */
  private static final long UNREACHED = 1_000_000;

  /** A line of commands has at most 16 KiB. */
  private static final int AT_ONCE = 200;

  /**
   * @param leading the server that clients are led to
   * @param held whether they queue for it
   * @param limit of sessions when they do not
   */
  record View(Member leading, boolean held, long limit) {}

  /**
   * @throws Refusal HAL-741, or HAL-742 if it is not as a switchover needs it
   */
  View view() {
    var stats =
        stats().stream()
            .collect(Collectors.toMap(ServerStat::name, Function.identity(), (_, b) -> b));
    for (var member : pair.members()) {
      if (!stats.containsKey(member.name())) {
        throw refusal(
            "the backend %s has no server %s".formatted(name, member),
            "Give its servers the pair's names: server %s ...".formatted(member));
      }
    }
    var taking = pair.members().stream().filter(one -> !stat(stats, one).inMaintenance()).toList();
    if (taking.size() != 1) {
      throw refusal(
          taking.isEmpty() ? "both servers are in maintenance" : "both servers take clients",
          "set server %s/%s state %s"
              .formatted(name, pair.first(), taking.isEmpty() ? "ready" : "maint"));
    }
    var leading = taking.getFirst();
    if (stat(stats, leading).http()) {
      throw refusal("the backend " + name + " is not in TCP mode", "Set mode tcp.");
    }
    long limit = limit(stat(stats, pair.other(leading)));
    long now = limit(stat(stats, leading));
    if (limit == HELD || (now != limit && now != HELD)) {
      throw refusal(
          "its servers have the limits %s and %s of sessions".formatted(now, limit),
          "Give both the same maxconn, or none; 1 means that clients are held.");
    }
    return new View(leading, now == HELD, limit);
  }

  private static long limit(ServerStat stat) {
    return stat.limit() == 0 ? UNREACHED : stat.limit();
  }

  private static ServerStat stat(Map<String, ServerStat> stats, Member member) {
    return Objects.requireNonNull(stats.get(member.name()));
  }

  private List<ServerStat> stats() {
    // Servers only (4), all of them (-1).
    var answer = ask(List.of("show stat " + name + " 4 -1"));
    try {
      return ServerStat.parse(answer);
    } catch (BalancerException said) {
      throw refusal(String.valueOf(said.getMessage()), "Name the backend as HAProxy does.");
    }
  }

  /** Everybody queues who comes, as long as somebody has a session there. */
  void hold(Member server) {
    send(List.of(limit(server, HELD)));
  }

  /** From now on clients are led there, those first who queue. */
  void lead(Member server, long limit) {
    var other = pair.other(server);
    // Ready first: at no moment nobody takes clients.
    send(
        List.of(
            "set server " + name + "/" + server + " state ready",
            "set server " + name + "/" + other + " state maint",
            limit(other, limit),
            limit(server, limit)));
  }

  private String limit(Member server, long sessions) {
    return "set maxconn server " + name + "/" + server + " " + sessions;
  }

  List<Conveyed> sessions() {
    return Conveyed.parse(ask(List.of("show sess all")), name);
  }

  /** Closes them; nothing for one that has ended. */
  void end(List<Conveyed> sessions) {
    for (int i = 0; i < sessions.size(); i += AT_ONCE) {
      var some = sessions.subList(i, Math.min(sessions.size(), i + AT_ONCE));
      var _ = ask(some.stream().map(one -> "shutdown session " + one.id()).toList());
    }
  }

  /** HAProxy says nothing to what it has done. */
  private void send(List<String> commands) {
    var said = ask(commands);
    if (!said.isEmpty()) {
      throw refusal(
          "it said \"%s\" to: %s"
              .formatted(said.replaceAll("\\s*\n\\s*", " / "), String.join("; ", commands)),
          "The socket needs \"level admin\".");
    }
  }

  private String ask(List<String> commands) {
    try {
      return socket.ask(commands);
    } catch (BalancerException silent) {
      throw ErrorCode.TRAFFIC_SILENT.refuse(
          String.valueOf(silent.getMessage()), "Is HAProxy running, and is that its stats socket?");
    }
  }

  private static Refusal refusal(String problem, String remedy) {
    return ErrorCode.TRAFFIC_REFUSED.refuse("HAProxy: " + problem + ".", remedy);
  }
}
