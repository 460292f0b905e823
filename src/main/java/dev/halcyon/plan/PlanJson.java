package dev.halcyon.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** A plan as text: what is stored at expand time and executed days later. */
public final class PlanJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .changeDefaultPropertyInclusion(v -> v.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  private PlanJson() {}

  /** One line of JSON, the same for equal plans. */
  public static String write(Plan plan) {
    return MAPPER.writeValueAsString(plan);
  }

  /**
   * @throws tools.jackson.core.JacksonException when the text is not a plan of this layout
   */
  public static Plan read(String json) {
    return MAPPER.readValue(json, new TypeReference<Plan>() {});
  }

  /** SHA-256 of the text, in hexadecimal. */
  public static String checksum(String json) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
