package dev.halcyon.demo;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One user of the web application: signs people up, and looks at them again, by whichever version
 * answers. Whom it has added must be there, with the address that it gave. For one thread.
 */
final class UserHabit implements Visitors.Habit {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final JsonMapper JSON = new JsonMapper();

  private final URI base;
  private final AtomicLong streets;
  private final Map<Long, String> added = new HashMap<>();
  private final List<Long> ids = new ArrayList<>();
  private @Nullable String adding;
  private @Nullable Long looking;

  /**
   * @param streets gives each address its own name
   */
  UserHabit(URI base, AtomicLong streets) {
    this.base = base;
    this.streets = streets;
  }

  @Override
  public HttpRequest next(Random random) {
    adding = null;
    looking = null;
    int kind = random.nextInt(10);
    if (kind < 3 || ids.isEmpty()) {
      String street = streets.incrementAndGet() + " High Street";
      adding = street;
      return request("/users")
          .POST(
              HttpRequest.BodyPublishers.ofString(
                  "name=ann&line1=" + URLEncoder.encode(street, StandardCharsets.UTF_8)))
          .build();
    }
    if (kind < 8) {
      Long id = ids.get(random.nextInt(ids.size()));
      looking = id;
      return request("/users/" + id).build();
    }
    return request("/users").build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE);
  }

  @Override
  public Optional<String> complaint(HttpResponse<String> answer) {
    JsonNode tree = JSON.readTree(answer.body());
    String street = adding;
    Long id = looking;
    if (street != null) {
      long given = tree.path("id").asLong();
      added.put(given, street);
      ids.add(given);
      return Optional.empty();
    }
    JsonNode users = tree.path("users");
    if (id == null) {
      return users.size() == UserStore.LATEST
          ? Optional.empty()
          : Optional.of("a list of " + users.size());
    }
    String found = users.at("/0/addresses/0/line1").asString("");
    return found.equals(added.get(id))
        ? Optional.empty()
        : Optional.of("user %d lives at \"%s\", not %s".formatted(id, found, added.get(id)));
  }
}
