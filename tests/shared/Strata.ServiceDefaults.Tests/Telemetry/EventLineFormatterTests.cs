using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Strata.ServiceDefaults.Telemetry;

namespace Strata.ServiceDefaults.Tests.Telemetry;

[Trait("height", "unit")]
public sealed class EventLineFormatterTests
{
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 3, 1, 10, 15, 30, 250, TimeSpan.FromHours(2)));

    [Fact]
    public void Write_NamedEvent_IsOneLineWithItsNameAndValues()
    {
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        var line = Write(
            LogLevel.Warning,
            new EventId(1_234_567, "ItemsPut"),
            [
                new("count", 3), new("share", .5), new("topic", "a \"b\"\nc"), new("away", true), new("none", null),
                new("{OriginalFormat}", "x"),
            ],
            "3 items put\ninto a",
            new InvalidOperationException("no"));

        var json = JsonDocument.Parse(Assert.Single(line)).RootElement;
        Assert.Equal(
            ["time", "level", "event", "category", "message", "values", "exception", "trace", "span"],
            json.EnumerateObject().Select(property => property.Name));
        Assert.Equal("2026-03-01T08:15:30.250Z", json.GetProperty("time").GetString());
        Assert.Equal(("Warning", "ItemsPut"), (json.GetProperty("level").GetString(), json.GetProperty("event").GetString()));
        Assert.Equal("3 items put\ninto a", json.GetProperty("message").GetString());
        Assert.Equal("""{"count":3,"share":0.5,"topic":"a \"b\"\nc","away":true,"none":null}""", json.GetProperty("values").GetRawText());
        Assert.Contains("InvalidOperationException: no", json.GetProperty("exception").GetString(), StringComparison.Ordinal);
        Assert.Equal(activity.TraceId.ToHexString(), json.GetProperty("trace").GetString());
    }

    [Fact]
    public void Write_PlainLine_SaysNoMoreThanThereIs()
    {
        Activity.Current = null;
        var json = JsonDocument.Parse(Assert.Single(Write(LogLevel.Information, default, [new("{OriginalFormat}", "up")], "up", null)));

        Assert.Equal(["time", "level", "category", "message"], json.RootElement.EnumerateObject().Select(property => property.Name));
    }

    private static string[] Write(
        LogLevel level, EventId id, List<KeyValuePair<string, object?>> values, string message, Exception? exception)
    {
        using var text = new StringWriter();
        new EventLineFormatter(Clock).Write(
            new LogEntry<List<KeyValuePair<string, object?>>>(level, "Strata.Test", id, values, exception, (_, _) => message), null, text);
        return text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
