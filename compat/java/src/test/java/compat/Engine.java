package compat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.UUID;

/** The real binary: one engine on a database of its own, on a free port, and calls that no library makes for us. */
final class Engine {
    private static Engine shared;

    final String root = UUID.randomUUID().toString();
    final String url;
    private final Path folder = Files.createTempDirectory("symbolon-compat-");
    private final Path log = folder.resolve("log");
    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;

    /** The engine that all tests share. */
    static synchronized Engine get() {
        try {
            if (shared == null) {
                shared = new Engine();
            }
            return shared;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Engine() throws IOException, InterruptedException {
        String named = System.getenv("SYMBOLON_BINARY");
        File binary = new File(named == null ? "../../bin/symbolon" : named).getCanonicalFile();
        String address;
        try (ServerSocket s = new ServerSocket(0)) {
            address = "127.0.0.1:" + s.getLocalPort();
        }
        url = "http://" + address;
        ProcessBuilder b = new ProcessBuilder(binary.getPath(), "serve", "--api-addr", address, "--database", "sqlite:" + folder.resolve("db"));
        b.environment().put("SYMBOLON_ROOT_TOKEN", root);
        b.redirectErrorStream(true).redirectOutput(log.toFile());
        process = b.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
        for (int i = 0; i < 300; i++) {
            if (!process.isAlive()) {
                throw new IOException("the engine ended: " + log());
            }
            try {
                if (send("GET", "/api/lifecycle/healthcheck", null).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                Thread.sleep(50); // not yet
            }
        }
        throw new IOException("the engine does not answer: " + log());
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    private void stop() {
        process.destroyForcibly().onExit().join();
        try (var all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
        } catch (IOException e) {
            e.printStackTrace();
        }
    }

    /** A call with these headers and no others that matter: no Accept, no Content-Type. */
    HttpResponse<String> send(String method, String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder b = HttpRequest.newBuilder(URI.create(url + path));
        if (headers.length > 0) {
            b.headers(headers);
        }
        b.method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        return http.send(b.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** An operation as the owner. */
    JsonObject call(String path, String body) {
        try {
            HttpResponse<String> r = send("POST", path, body, "Authorization", "Bearer " + root, "Content-Type", "application/json");
            if (r.statusCode() / 100 != 2) {
                throw new IllegalStateException(path + ": " + r.statusCode() + " " + r.body());
            }
            return new Gson().fromJson(r.body(), JsonObject.class);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String serviceToken(long service, String more) {
        return call("/api/servicetoken/create", "{\"serviceId\":" + service + more + "}").get("accessToken").getAsString();
    }

    static String basic(Object user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes());
    }
}
