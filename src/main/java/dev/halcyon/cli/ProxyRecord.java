package dev.halcyon.cli;

import dev.halcyon.model.Failure;
import dev.halcyon.model.Refusal;
import dev.halcyon.usage.Look;
import dev.halcyon.usage.Period;
import dev.halcyon.usage.Seen;
import dev.halcyon.usage.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The record of the running proxy. It begins anew with each process, so its periods do not join by
 * themselves.
 */
final class ProxyRecord implements Source {
  /** The schema that a statement counts for if it is not known which one was in force. */
  private final String schema;

  private final Invocation invocation;

  ProxyRecord(Invocation invocation, String schema) {
    this.invocation = invocation;
    this.schema = schema;
  }

  @Override
  public Look look(Instant now) {
    try (var proxy = ProxyConnection.open(invocation)) {
      long asked = System.nanoTime();
      var record = proxy.digests();
      return look(record, now, Duration.ofNanos(System.nanoTime() - asked));
    } catch (Refusal refusal) {
      var finding = refusal.findings().getFirst();
      return Look.nothing(Settings.PROXY, new Look.Missing(finding.message(), finding.remedy()));
    } catch (Failure failure) {
      return Look.nothing(
          Settings.PROXY, new Look.Missing(String.valueOf(failure.getMessage()), failure.next()));
    }
  }

  private Look look(JsonNode record, Instant now, Duration took) {
    // Its clock may differ from the server's. In doubt something was later.
    var shift = Duration.between(instant(record, "now", Duration.ZERO), now).plus(took);
    var missing = new ArrayList<Look.Missing>();
    var seen = new ArrayList<Seen>();
    record.path("digests").forEach(one -> seen.add(seen(one, shift)));
    Instant from = instant(record, "watchingSince", shift);
    if (record.path("lost").asLong() > 0) {
      missing.add(
          new Look.Missing(
              "The proxy's record was full; what was seen longest ago has fallen out.", ""));
      // What fell out was seen before everything that is left.
      from = seen.stream().map(Seen::last).min(Instant::compareTo).orElse(now);
    }
    boolean joined = record.path("joined").asBoolean();
    if (joined) {
      missing.add(
          new Look.Missing(
              "The proxy that was taken over from still serves sessions, whose statements only it"
                  + " sees.",
              "halcyon proxy status"));
    }
    return new Look(
        Settings.PROXY,
        record.path("process").asString() + "/" + record.path("watchingSince").asLong(),
        joined || from.isAfter(now) ? List.of() : List.of(new Period(from, now)),
        missing,
        0,
        seen);
  }

  private Seen seen(JsonNode one, Duration shift) {
    var hosts = new ArrayList<String>();
    one.path("hosts").forEach(host -> hosts.add(host.asString()));
    if (one.path("otherHosts").asBoolean()) {
      hosts.add("others");
    }
    return new Seen(
        one.path("text").asString(),
        one.path("whole").asBoolean(),
        one.path("schema").asString(schema),
        one.path("user").asString(),
        String.join(",", hosts),
        one.path("count").asLong(),
        instant(one, "firstSeen", shift),
        instant(one, "lastSeen", shift));
  }

  private static Instant instant(JsonNode fields, String name, Duration shift) {
    return Instant.ofEpochMilli(fields.path(name).asLong()).plus(shift);
  }
}
