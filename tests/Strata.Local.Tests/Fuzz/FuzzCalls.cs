using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Strata.Local.Tests.Fuzz;

/// <summary>One call of the fuzzer after the other: each is made from a seed, sent, and its answer judged.</summary>
internal sealed partial class FuzzCalls(Uri http, Uri grpc, ConcurrentDictionary<string, int> answers) : IDisposable
{
    private static readonly string[] Encodings = ["br", "zstd", "GZIP, gzip", "deflate"];
    private static readonly string[] Types =
        ["text/plain", "application/grpc", "application/json; charset=utf-16", "multipart/form-data", ";"];

    private static readonly (MethodDescriptor Method, HttpRule Rule)[] Routes =
    [
        .. from method in ServiceMethods.All
           let rule = method.GetOptions()?.GetExtension(AnnotationsExtensions.Http)
           where rule is not null
           from one in rule.AdditionalBindings.Prepend(rule)
           select (method, one),
    ];

    /// <summary>Longer than any busy machine makes an answer wait.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly RawHttp _json = new(http, answers);
    private readonly HttpClient _grpc = new() { Timeout = Patience };

    /// <summary>Makes the call of a seed; null when its answer is as it should be, else what is wrong with it.</summary>
    public Task<string?> CallAsync(int seed, CancellationToken cancellationToken)
    {
        var values = new FuzzValues(new Random(seed));
        return values.Chance(.08) ? new FuzzBodies(values).CallAsync(_json, cancellationToken)
            : values.Chance(.6) ? JsonAsync(values, cancellationToken) : GrpcAsync(values, cancellationToken);
    }

    public void Dispose()
    {
        _json.Dispose();
        _grpc.Dispose();
    }

    private async Task<string?> JsonAsync(FuzzValues values, CancellationToken cancellationToken)
    {
        var messages = new FuzzMessages(values);
        var (method, rule) = values.One(Routes);
        var (verb, path) = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => ("GET", rule.Get),
            HttpRule.PatternOneofCase.Delete => ("DELETE", rule.Delete),
            _ => ("POST", rule.Post),
        };
        var inPath = new List<string>();
        path = Variables().Replace(path, variable =>
        {
            inPath.Add(variable.Groups[1].Value);
            return values.Segment(messages.InAddress(method.InputType.FindFieldByName(variable.Groups[1].Value)));
        });
        var query = method.InputType.Fields.InDeclarationOrder()
            .Where(field => values.Chance(rule.Body.Length > 0 || field.FieldType == FieldType.Message ? .01
                : inPath.Contains(field.Name) ? .05 : .4))
            .SelectMany(field => Enumerable.Repeat(field, values.Chance(.05) ? 2 : 1))
            .Select(field => $"{(values.Chance(.3) ? field.Name : field.JsonName)}={values.Segment(messages.InAddress(field))}")
            .Concat(values.Chance(.02) ? [values.Segment(values.Text(""))] : []);
        var address = string.Join('&', query) is { Length: > 0 } parameters ? $"{path}?{parameters}" : path;
        var body = rule.Body switch
        {
            "" => [],
            "*" => Encoding.UTF8.GetBytes(messages.Json(method.InputType, inPath)),
            var field => Encoding.UTF8.GetBytes(messages.Json(method.InputType.FindFieldByName(field).MessageType, [])),
        };
        var headers = new StringBuilder();
        if (rule.Body.Length > 0)
        {
            if (values.Chance(.05))
            {
                body = values.Break(body);
            }

            if (values.Chance(.04))
            {
                var packed = Gzip(body);
                body = values.Chance(.3) ? values.Break(packed) : packed;
                headers.Append("\r\nContent-Encoding: ").Append(values.Chance(.8) ? "gzip" : values.One(Encodings));
            }

            headers.Append("\r\nContent-Type: ").Append(values.Chance(.95) ? "application/json" : values.One(Types));
        }

        verb = values.Chance(.01) ? values.One(["PUT", "HEADS", "OPTIONS", "PATCH", "BREW"]) : verb;
        if (address.Contains("%00", StringComparison.Ordinal))
        {
            return null; // Kestrel refuses it with 400 and no word, before any code of ours
        }

        var answer = await _json.SendAsync($"{verb} {address} HTTP/1.1{headers}", body, cancellationToken);
        // A stream of messages is a line for each of them.
        var lines = method.IsServerStreaming && answer.Status < 400 ? $"[{answer.Body.Trim().ReplaceLineEndings(",")}]" : answer.Body;
        return Judge(answer.Status, lines) is { } finding
            ? $"{finding}\n  {verb} {address}{headers}\n  {Shorten(Encoding.UTF8.GetString(body))}\n  → {answer.Status} "
                + Shorten(answer.Body)
            : null;
    }

    /// <summary>Over JSON: no answer of 500 or more but a wait that was asked for, and words for whatever is refused.</summary>
    internal static string? Judge(int status, string body)
    {
        if (status == 0)
        {
            return "the connection was closed without an answer";
        }

        JsonElement json;
        try
        {
            json = JsonDocument.Parse(body).RootElement;
        }
        catch (JsonException)
        {
            return "the answer is not JSON";
        }

        if (status < 400)
        {
            return null;
        }

        var message = json.TryGetProperty("message", out var text) ? text.GetString() ?? "" : "";
        var code = json.TryGetProperty("code", out var number) ? number.GetInt32() : -1;
        var waited = status == 504 && code == (int)StatusCode.DeadlineExceeded;
        var refused = status == 400 && code == (int)StatusCode.InvalidArgument;
        return status >= 500 && !waited ? "a fault of the server"
            : JudgeWords(message) ?? (refused && !NamesFields(json) ? "no field is named" : null);
    }

    private static bool NamesFields(JsonElement json)
        => json.TryGetProperty("details", out var details) && details.EnumerateArray().Any(detail
            => detail.TryGetProperty("fieldViolations", out var fields) && fields.GetArrayLength() > 0
            && fields.EnumerateArray().All(field => Length(field, "field") > 0 && Length(field, "description") > 8));

    private static int Length(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.GetString()!.Length : 0;

    private static string? JudgeWords(string message)
        => message.Length < 10 ? "no message" : Innards().Match(message) is { Success: true } found ? $"speaks of '{found.Value}'" : null;

    private async Task<string?> GrpcAsync(FuzzValues values, CancellationToken cancellationToken)
    {
        var messages = new FuzzMessages(values);
        var method = values.One(ServiceMethods.All);
        var frames = new MemoryStream();
        for (var count = method.IsClientStreaming ? values.Next(4) : 1; count > 0; count--)
        {
            var bytes = messages.Message(method.InputType).ToByteArray();
            bytes = values.Chance(.15) ? values.Break(bytes) : values.Chance(.01) ? [.. Enumerable.Repeat((byte)0x7B, 150)] : bytes;
            var header = new byte[5];
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(1), values.Chance(.01) ? values.Next(int.MaxValue) : bytes.Length);
            header[0] = values.Chance(.01) ? (byte)values.Next(256) : (byte)0;
            frames.Write(header);
            frames.Write(bytes);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(grpc, $"/{method.Service.FullName}/{method.Name}"));
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Content = new ByteArrayContent(values.Chance(.02) ? values.Break(frames.ToArray()) : frames.ToArray());
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        if (values.Chance(.02))
        {
            request.Headers.TryAddWithoutValidation("grpc-encoding", values.One(["gzip", "identity", "zstd"]));
        }

        HttpResponseMessage answer;
        try
        {
            answer = await _grpc.SendAsync(request, cancellationToken);
        }
        catch (Exception fault) when (fault is TaskCanceledException or HttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            return $"no answer: {fault.GetBaseException().Message}\n  {method.FullName} {Convert.ToHexString(frames.ToArray())}";
        }

        using var answered = answer;
        await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        var trailers = answer.TrailingHeaders.Concat(answer.Headers).ToLookup(header => header.Key, header => header.Value.First());
        var status = trailers["grpc-status"].FirstOrDefault() ?? "none";
        answers.AddOrUpdate($"grpc {status}", 1, (_, count) => count + 1);
        var message = Uri.UnescapeDataString(trailers["grpc-message"].FirstOrDefault() ?? "");
        var finding = (StatusCode)int.Parse(status, CultureInfo.InvariantCulture) switch
        {
            StatusCode.OK => null,
            StatusCode.Unknown or StatusCode.Internal or StatusCode.DataLoss or StatusCode.Unavailable or StatusCode.Cancelled
                => "a fault of the server",
            StatusCode.InvalidArgument => JudgeWords(message) ?? (FieldAndWords().IsMatch(message) ? null : "no field is named"),
            _ => JudgeWords(message),
        };
        return finding is null ? null : $"{finding}\n  {method.FullName} {Convert.ToHexString(frames.ToArray())}\n  → {status} {message}";
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    internal static string Shorten(string text) => text.Length <= 600 ? text : text[..600] + "…";

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Variables();

    /// <summary>How a message names a field, and says more of it than a word. What is no message has no fields.</summary>
    [GeneratedRegex(@"^([\w.\[\]-]+: .{9,}|The bytes are no message of )", RegexOptions.Singleline)]
    private static partial Regex FieldAndWords();

    /// <summary>What no caller should have to read: types and words of .NET.</summary>
    [GeneratedRegex(
        @"System\.|Exception|Int32|Int64|input string|not correctly formatted|Object reference|   at ", RegexOptions.IgnoreCase)]
    private static partial Regex Innards();
}
