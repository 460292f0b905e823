package dev.halcyon.proxy.control;

import dev.halcyon.proxy.digest.Digest;
import dev.halcyon.proxy.digest.Digests;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The proxy's record of statements as JSON. Times are milliseconds since 1970 by its clock. */
final class DigestsJson {
  private DigestsJson() {}

  static Map<String, Object> of(Digests digests, Instant now) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("now", now.toEpochMilli());
    fields.put("watchingSince", digests.watchingSince().toEpochMilli());
    fields.put("lost", digests.lost());
    fields.put("digests", digests.all().stream().map(DigestsJson::of).toList());
    return fields;
  }

  private static Map<String, Object> of(Digest digest) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("text", digest.text());
    fields.put("whole", digest.reading() == Digest.Reading.WHOLE);
    fields.put("user", digest.user());
    fields.put("hosts", digest.hosts());
    fields.put("otherHosts", digest.otherHosts());
    digest.schema().ifPresent(schema -> fields.put("schema", schema));
    fields.put("count", digest.count());
    fields.put("firstSeen", digest.firstSeen().toEpochMilli());
    fields.put("lastSeen", digest.lastSeen().toEpochMilli());
    return fields;
  }
}
