package dev.halcyon.rollout;

import dev.halcyon.balancer.BalancerException;
import dev.halcyon.balancer.Counters;
import dev.halcyon.balancer.RuntimeSocket;
import dev.halcyon.balancer.ServerStat;
import dev.halcyon.rollout.Release.Party;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** HAProxy, by its runtime socket. Weights and states of the named servers are all it sets. */
final class HaProxy implements Balancer {
  private final RuntimeSocket socket;
  private final String backend;
  private final Party from;
  private final Party to;

  HaProxy(Release.HaProxyAccess access, Party from, Party to) {
    this.socket = new RuntimeSocket(access.socket());
    this.backend = access.backend();
    this.from = from;
    this.to = to;
  }

  @Override
  public List<String> problems() {
    var found = new ArrayList<String>();
    Map<String, ServerStat> known = stats();
    for (String server : all()) {
      if (!known.containsKey(server)) {
        found.add(
            "HAProxy's backend %s has no server %s; it has %s."
                .formatted(backend, server, known.keySet().stream().sorted().toList()));
      }
    }
    if (found.isEmpty()) {
      ServerStat first = stat(known, from.servers().getFirst());
      // Says the same again, so it changes nothing, and tells whether it would be allowed to.
      String said = socket.ask(List.of(weight(first.name(), first.weight())));
      if (!said.isEmpty()) {
        found.add(
            "HAProxy does not let its weights be set by this socket: "
                + said
                + " (it needs \"level admin\", and a balance algorithm that is not static)");
      }
    }
    return found;
  }

  @Override
  public Optional<Boolean> taken() {
    Map<String, ServerStat> known = stats();
    return Optional.of(to.servers().stream().anyMatch(name -> stat(known, name).taking()));
  }

  /** What is refused of the first part leaves all traffic where it is. */
  @Override
  public void share(int percent) {
    send(more(percent));
    send(less(percent));
  }

  /** Who gets more comes first, so that at no moment nobody takes traffic. */
  private List<String> more(int percent) {
    return percent == 0
        ? joined(weights(from, oldWeight(0)), states(from, "ready"))
        : joined(weights(to, newWeight(percent)), states(to, "ready"));
  }

  private List<String> less(int percent) {
    return percent == 0
        ? joined(weights(to, 0), states(to, "ready"))
        : weights(from, oldWeight(percent));
  }

  private static List<String> joined(List<String> first, List<String> then) {
    return Stream.concat(first.stream(), then.stream()).toList();
  }

  /** All servers of a version have one weight; together they have what the share says. */
  private int newWeight(int percent) {
    return percent == 0 ? 0 : Math.max(1, part(percent, to));
  }

  private int oldWeight(int percent) {
    return percent == 100 ? 0 : Math.max(1, part(100 - percent, from));
  }

  private int part(int percent, Party party) {
    int scale = Math.min(from.servers().size(), to.servers().size());
    return (int) Math.round((double) percent * scale / party.servers().size());
  }

  @Override
  public Optional<String> deviation(int percent) {
    Map<String, ServerStat> known = stats();
    var differing =
        Stream.concat(
                differing(known, from, oldWeight(percent)),
                differing(known, to, newWeight(percent)))
            .toList();
    return differing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "HAProxy was set anew by somebody else, or restarted: " + String.join(", ", differing));
  }

  private static Stream<String> differing(Map<String, ServerStat> known, Party party, int weight) {
    return party.servers().stream()
        .map(name -> stat(known, name))
        .filter(stat -> stat.weight() != weight || stat.inMaintenance())
        .map(ServerStat::toString);
  }

  @Override
  public Optional<String> unusable(Party party) {
    Map<String, ServerStat> known = stats();
    var down =
        party.servers().stream()
            .map(name -> stat(known, name))
            .filter(stat -> !stat.usable())
            .map(ServerStat::toString)
            .toList();
    return down.isEmpty()
        ? Optional.empty()
        : Optional.of("HAProxy finds that " + String.join(", ", down));
  }

  @Override
  public Optional<Counters> counters(Party party) {
    Map<String, ServerStat> known = stats();
    var all = party.servers().stream().map(name -> stat(known, name).counters()).toList();
    return Optional.of(
        new Counters(
            all.stream().mapToLong(Counters::answers).sum(),
            all.stream().mapToLong(Counters::failed).sum(),
            all.stream().map(Counters::latency).max(Duration::compareTo).orElse(Duration.ZERO)));
  }

  @Override
  public void admit(Party party) {
    send(states(party, "ready"));
  }

  @Override
  public void drain(Party party) {
    send(states(party, "drain"));
  }

  @Override
  public void retire(Party party) {
    send(states(party, "maint"));
  }

  @Override
  public OptionalLong sessions(Party party) {
    Map<String, ServerStat> known = stats();
    return OptionalLong.of(
        party.servers().stream().mapToLong(name -> stat(known, name).sessions()).sum());
  }

  @Override
  public List<String> script(ReleaseStep step) {
    return switch (step) {
      case ReleaseStep.Shift shift -> joined(more(shift.share()), less(shift.share()));
      case ReleaseStep.Observe _ -> List.of(showStat());
      case ReleaseStep.Drain drain ->
          Stream.of(
                  states(drain.party(), "drain"),
                  List.of(showStat()),
                  states(drain.party(), "maint"))
              .flatMap(List::stream)
              .toList();
      case ReleaseStep.Expand _,
          ReleaseStep.Start _,
          ReleaseStep.Ready _,
          ReleaseStep.Smoke _,
          ReleaseStep.Stop _,
          ReleaseStep.Contract _ ->
          List.of();
    };
  }

  /** HAProxy says nothing to what it has done, and goes on after what it has not. */
  private void send(List<String> commands) {
    String said = socket.ask(commands);
    if (!said.isEmpty()) {
      throw BalancerException.refused(
          "HAProxy said \"%s\" to: %s"
              .formatted(said.replaceAll("\\s*\n\\s*", " / "), String.join("; ", commands)));
    }
  }

  private Map<String, ServerStat> stats() {
    return ServerStat.parse(socket.ask(List.of(showStat()))).stream()
        .collect(Collectors.toMap(ServerStat::name, Function.identity(), (_, later) -> later));
  }

  private static ServerStat stat(Map<String, ServerStat> known, String name) {
    ServerStat stat = known.get(name);
    if (stat == null) {
      throw BalancerException.refused("HAProxy does not know the server " + name + " any more");
    }
    return stat;
  }

  /** Servers only (4), all of them (-1). */
  private String showStat() {
    return "show stat " + backend + " 4 -1";
  }

  private List<String> weights(Party party, int weight) {
    return party.servers().stream().map(name -> weight(name, weight)).toList();
  }

  private List<String> states(Party party, String state) {
    return party.servers().stream()
        .map(name -> "set server " + backend + "/" + name + " state " + state)
        .toList();
  }

  private String weight(String server, int weight) {
    return "set weight " + backend + "/" + server + " " + weight;
  }

  private List<String> all() {
    return Stream.concat(from.servers().stream(), to.servers().stream()).toList();
  }
}
