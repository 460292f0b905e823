package dev.halcyon.pair;

import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Link;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How one server of the pair stands. */
public sealed interface MemberStatus {
  String name();

  /** For people. */
  String words();

  /** Whether it could be looked at. */
  default boolean seen() {
    return switch (this) {
      case Seen _ -> true;
      case Unseen _ -> false;
    };
  }

  /**
   * @param closed whether applications cannot write
   * @param links replication into it
   * @param last the operation on the pair that was journalled there last
   */
  record Seen(String name, boolean closed, List<Link> links, Optional<PairRecord> last)
      implements MemberStatus {
    public Seen {
      links = List.copyOf(links);
    }

    @Override
    public String words() {
      return links.isEmpty()
          ? "replicates from nobody"
          : links.stream().map(Seen::words).collect(Collectors.joining("; "));
    }

    private static String words(Link link) {
      var state =
          link.running()
              ? "follows "
              : link.applying()
                  ? "does not receive from "
                  : link.receiving() ? "does not apply from " : "is stopped, source ";
      return state + link.source() + (link.error().isEmpty() ? "" : ": " + link.error());
    }
  }

  /**
   * @param reason in the server's or the driver's words
   */
  record Unseen(String name, String reason) implements MemberStatus {
    @Override
    public String words() {
      return reason;
    }
  }

  /** Looks at both, one after the other. */
  static List<MemberStatus> of(Pair pair) {
    return pair.members().stream().map(MemberStatus::of).toList();
  }

  private static MemberStatus of(Member member) {
    try (var session = member.open("status")) {
      return new Seen(
          member.name(), Fence.closed(session), Link.into(session), PairTable.latest(session));
    } catch (Fault fault) {
      return new Unseen(member.name(), fault.words());
    } catch (Refusal refusal) {
      return new Unseen(member.name(), refusal.findings().getFirst().message());
    }
  }
}
