package dev.halcyon.pair;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.mysql.Link;
import dev.halcyon.mysql.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which server is the active one and which the passive one. */
record Course(Grip active, Grip passive) {

  /**
   * @throws Refusal HAL-721 if not exactly one server is writable; HAL-110 if one does not answer
   */
  static Course of(Grips grips) {
    var first = grips.required(grips.pair().first());
    var second = grips.required(grips.pair().second());
    boolean firstClosed = Fence.closed(first.session());
    boolean secondClosed = Fence.closed(second.session());
    if (firstClosed == secondClosed) {
      throw ErrorCode.PAIR_NOT_READY.refuse(
          firstClosed
              ? "Neither " + first.member() + " nor " + second.member() + " is writable."
              : first.member() + " and " + second.member() + " are both writable.",
          firstClosed
              ? "SET GLOBAL read_only = 0 on the one that has every transaction."
              : "Lead all clients to one of them, then SET GLOBAL read_only = 1 on the other.");
    }
    return firstClosed ? new Course(second, first) : new Course(first, second);
  }

  /**
   * Replication must run both ways: into the passive server for the switchover, into the active one
   * for the way back. A server that lacks a logged change applies nothing until it gets it.
   *
   * @param open that change
   * @throws Refusal HAL-721 with every problem
   */
  void requireLinks(Optional<PairRecord> open) {
    var lacking = open.map(PairRecord::from).orElse("");
    var findings = new ArrayList<Finding>();
    check(active, passive, lacking, findings);
    check(passive, active, lacking, findings);
    if (!findings.isEmpty()) {
      throw new Refusal(ExitStatus.FINDINGS, findings);
    }
  }

  private static void check(Grip source, Grip replica, String lacking, List<Finding> findings) {
    var links = Link.into(replica.session());
    long id = serverId(source.session());
    var way = "Replication from " + source.member() + " to " + replica.member();
    if (links.size() != 1) {
      findings.add(
          finding(
              replica.member() + " has " + links.size() + " replication links, not one.",
              "Let it replicate from " + source.member() + " and from nobody else."));
      return;
    }
    var link = links.getFirst();
    if (link.sourceId() != 0 && link.sourceId() != id) {
      findings.add(
          finding(
              replica.member()
                  + " replicates from "
                  + link.source()
                  + ", which is not "
                  + source.member()
                  + ".",
              "Let it replicate from " + source.member() + "."));
    }
    boolean waits = replica.member().name().equals(lacking);
    if (!(waits ? link.receiving() : link.running())) {
      findings.add(
          finding(
              way + " does not run" + (link.error().isEmpty() ? "." : ": " + link.error()),
              "Mend what its error says, and start it on " + replica.member() + "."));
    }
    if (link.delay() > 0) {
      findings.add(
          finding(
              way + " is delayed by " + link.delay() + " s on purpose.", "Set its delay to 0."));
    }
    if (!link.filters().isEmpty()) {
      findings.add(
          finding(
              way + " leaves something out: " + String.join(", ", link.filters()),
              "Take the filters away."));
    }
  }

  private static long serverId(Session session) {
    return session.first("SELECT @@GLOBAL.server_id AS id").orElseThrow().longValue("id");
  }

  private static Finding finding(String message, String remedy) {
    return Finding.error(ErrorCode.PAIR_NOT_READY.code(), null, message, remedy);
  }
}
