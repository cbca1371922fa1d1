using System.Text;
using System.Text.Encodings.Web;
using Strata.Contracts.Events.V1;

namespace Strata.Local.Tests.Fuzz;

/// <summary>Calls whose body is no single message: lines of events, and CloudEvents in each of their modes.</summary>
internal sealed class FuzzBodies(FuzzValues values)
{
    private static readonly string[] Types =
    [
        "application/x-ndjson", "application/cloudevents+json", "application/cloudevents-batch+json", "application/json", "text/plain", ";",
    ];

    private readonly FuzzMessages _messages = new(values);

    /// <summary>Sends such a call; null when its answer is as it should be, else what is wrong with it.</summary>
    public async Task<string?> CallAsync(RawHttp http, CancellationToken cancellationToken)
    {
        var (head, body) = Next();
        if (head.Contains("%00", StringComparison.Ordinal))
        {
            return null; // as in any other address or header, refused by Kestrel
        }

        var answer = await http.SendAsync(head, body, cancellationToken);
        var lines = head.Contains(":batch", StringComparison.Ordinal) && answer.Status < 400
            ? $"[{answer.Body.Trim().ReplaceLineEndings(",")}]"
            : answer.Body;
        return FuzzCalls.Judge(answer.Status, lines) is { } finding
            ? $"{finding}\n  {head}\n  {FuzzCalls.Shorten(Encoding.UTF8.GetString(body))}\n  → {answer.Status} "
                + FuzzCalls.Shorten(answer.Body)
            : null;
    }

    /// <summary>Start line and headers, and the body.</summary>
    private (string Head, byte[] Body) Next()
    {
        var (path, type, body) = values.Next(4) switch
        {
            0 => ("/v1/events:batch", Types[0], string.Join(values.One(["\n", "\r\n", "\n\n"]), Many(Event))),
            1 => ("/v1/cloudevents", Types[1], Envelope()),
            2 => ("/v1/cloudevents", Types[2], $"[{string.Join(',', Many(Envelope))}]"),
            _ => ("/v1/cloudevents", Types[3], Event()),
        };
        var head = new StringBuilder($"POST {path}{(values.Chance(.02) ? "?x=1" : "")} HTTP/1.1\r\nContent-Type: ")
            .Append(values.Chance(.95) ? type : values.One(Types));
        if (type == Types[3])
        {
            foreach (var (name, value) in Attributes())
            {
                head.Append("\r\nce-").Append(name).Append(": ").Append(values.Segment(value));
            }
        }

        var bytes = Encoding.UTF8.GetBytes(body);
        return (head.ToString(), values.Chance(.05) ? values.Break(bytes) : bytes);
    }

    private string Event() => _messages.Json(UserEvent.Descriptor, []);

    private string Envelope()
        => values.Chance(.02) ? values.One(["", "null", "7", "{}", "[", "\"x\""])
            : $"{{{string.Join(',', Attributes().Select(attribute => $"\"{attribute.Name}\":\"{Encode(attribute.Value)}\""))}"
                + $",\"data\":{(values.Chance(.05) ? values.One(["null", "[]", "1", "\"x\""]) : Event())}}}";

    private IEnumerable<(string Name, string Value)> Attributes()
    {
        var kinds = new[] { "click", "org.example.view", "SEARCH", "a.b.", ".", "look" };
        var all = new[]
        {
            ("specversion", values.Chance(.97) ? "1.0" : values.One(["0.3", "2.0", ""])),
            ("id", values.Text("event_id") is { Length: > 0 } id ? id : "e-1"),
            ("source", values.Chance(.9) ? "/shop" : values.Text("source")),
            ("type", values.Chance(.9) ? values.One(kinds) : values.Text("type")),
            ("subject", values.Text("user_id")),
            ("time", values.Chance(.8) ? "2025-03-01T12:00:00Z" : values.Text("time")),
            ("partitionkey", values.Text("partitionkey")),
        };
        return all.Where(_ => !values.Chance(.03));
    }

    private List<string> Many(Func<string> one) => [.. Enumerable.Range(0, values.Next(5)).Select(_ => one())];

    private static string Encode(string text) => JavaScriptEncoder.Default.Encode(FuzzValues.Whole(text));
}
