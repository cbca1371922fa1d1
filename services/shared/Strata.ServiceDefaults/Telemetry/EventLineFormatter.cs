using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Strata.ServiceDefaults.Telemetry;

/// <summary>
/// Writes an event a line as JSON: <c>time</c> in UTC, <c>level</c>, <c>event</c> by its name, <c>category</c>, <c>message</c>,
/// <c>values</c> that the message was made of, <c>exception</c>, <c>trace</c> and <c>span</c>. The one that .NET ships tells events by
/// numbers, which are hashes of their names.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class EventLineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>How configuration names it.</summary>
    public const string FormatterName = "events";

    private const string MessageTemplate = "{OriginalFormat}";

    // Quotes and letters of any script stay readable: this goes to a log, not into a page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        ArgumentNullException.ThrowIfNull(textWriter);
        var message = logEntry.Formatter?.Invoke(logEntry.State, logEntry.Exception);
        if (message is null && logEntry.Exception is null)
        {
            return;
        }

        var line = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(line, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", logEntry.LogLevel.ToString());
            WriteIfAny(json, "event", logEntry.EventId.Name);
            json.WriteString("category", logEntry.Category);
            json.WriteString("message", message);
            WriteValues(json, logEntry.State as IReadOnlyCollection<KeyValuePair<string, object?>>);
            WriteIfAny(json, "exception", logEntry.Exception?.ToString());
            WriteIfAny(json, "trace", Activity.Current?.TraceId.ToHexString());
            WriteIfAny(json, "span", Activity.Current?.SpanId.ToHexString());
            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(line.WrittenSpan));
    }

    private static void WriteValues(Utf8JsonWriter json, IReadOnlyCollection<KeyValuePair<string, object?>>? values)
    {
        if (values is null || values.All(value => value.Key == MessageTemplate))
        {
            return;
        }

        json.WriteStartObject("values");
        foreach (var (name, value) in values)
        {
            if (name != MessageTemplate)
            {
                WriteValue(json, name, value);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                json.WriteNumber(name, number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            case float number when float.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            case null:
                json.WriteNull(name);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }
}
