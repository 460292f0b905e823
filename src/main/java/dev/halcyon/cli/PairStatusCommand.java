package dev.halcyon.cli;

import dev.halcyon.model.ExitStatus;
import dev.halcyon.pair.MemberStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code halcyon pair status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Says of both servers whether applications may write to them and how replication into them",
      "stands. Changes nothing. Exit status 1 if one of them cannot be looked at."
    })
final class PairStatusCommand implements Action {
  @Override
  public Answer act(Invocation invocation) {
    var setup = PairSetupReader.read(invocation.layers().get());
    var members = MemberStatus.of(setup.pair());
    var rows = new ArrayList<List<String>>();
    members.forEach(
        member -> rows.add(List.of(member.name(), role(member), member.words(), last(member))));
    return new Answer(
        members.stream().allMatch(MemberStatus::seen) ? ExitStatus.DONE : ExitStatus.FINDINGS,
        Columns.of(rows),
        "",
        Map.of("servers", members.stream().map(PairStatusCommand::fields).toList()));
  }

  private static String role(MemberStatus member) {
    return switch (member) {
      case MemberStatus.Seen seen -> seen.closed() ? "fenced" : "writable";
      case MemberStatus.Unseen _ -> "not seen";
    };
  }

  private static String last(MemberStatus member) {
    return switch (member) {
      case MemberStatus.Seen seen ->
          seen.last().map(one -> one.title() + ": " + one.state().label()).orElse("");
      case MemberStatus.Unseen _ -> "";
    };
  }

  private static Map<String, Object> fields(MemberStatus member) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", member.name());
    switch (member) {
      case MemberStatus.Seen seen -> {
        fields.put("fenced", seen.closed());
        fields.put("operation", last(member));
        fields.put(
            "links",
            seen.links().stream()
                .map(
                    link ->
                        Map.of(
                            "source", link.source(),
                            "receiving", link.receiving(),
                            "applying", link.applying(),
                            "gtid", link.gtid(),
                            "filters", link.filters(),
                            "error", link.error(),
                            "position", link.position()))
                .toList());
      }
      case MemberStatus.Unseen(String _, String reason) -> fields.put("reason", reason);
    }
    return fields;
  }
}
