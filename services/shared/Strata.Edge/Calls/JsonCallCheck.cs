using System.Buffers;
using System.Collections.ObjectModel;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Strata.Edge.Calls.Core;
using Strata.Edge.Requests;
using GoogleCode = Google.Rpc.Code;
using GoogleStatus = Google.Rpc.Status;

namespace Strata.Edge.Calls;

/// <summary>
/// Looks at a JSON call before it is bound to its message. Binding alone would decode a part of the path twice or not at all, refuse a
/// wrong body as "not correctly formatted", skip a misspelt field in silence, and take a body of any size.
/// </summary>
internal sealed class JsonCallCheck(RequestDelegate next, IOptions<CallsOptions> options)
{
    private const string Json = "application/json";

    private readonly int _limit = options.Value.MaxMessageBytes;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not { } call)
        {
            await next(context);
            return;
        }

        var violations = new Violations();
        var request = call.MethodDescriptor.InputType;
        var inPath = ReadPath(context, request, violations);
        if (call.HttpRule.Body is not { Length: > 0 } body)
        {
            CheckQuery(context.Request, request, inPath, violations);
        }
        else if (await ReadAsync(context.Request) is not { } bytes)
        {
            var oversized = new GoogleStatus { Code = (int)GoogleCode.ResourceExhausted, Message = UnreadMessages.Refusal(_limit) };
            await JsonErrors.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, oversized);
            return;
        }
        else
        {
            CheckBody(context.Request, request, body, bytes, inPath, violations);
        }

        await (violations.None
            ? next(context)
            : JsonErrors.WriteAsync(
                context, StatusCodes.Status400BadRequest, Faults.Describe(new InvalidRequestException(violations.Found))));
    }

    /// <summary>The fields that stand in the path, each decoded once, from the address as it was sent.</summary>
    private static Dictionary<string, string> ReadPath(HttpContext context, MessageDescriptor request, Violations violations)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var sent = AddressText.Segments(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        var pattern = ((RouteEndpoint)context.GetEndpoint()!).RoutePattern.PathSegments;
        foreach (var (segment, part) in sent.Zip(pattern, (segment, part) => (segment, part.Parts[0])))
        {
            if (part is not RoutePatternParameterPart { Name: var name } || FieldText.Find(request, name) is not { } field)
            {
                continue;
            }

            var (text, fault) = AddressText.Decode(segment);
            fault ??= FieldText.Fault(field, text!);
            if (fault is not null)
            {
                violations.Add(field.Name, fault);
            }
            else
            {
                context.Request.RouteValues[name] = values[field.Name] = FieldText.Canonical(field, text!)!;
            }
        }

        return values;
    }

    private static void CheckQuery(HttpRequest request, MessageDescriptor message, Dictionary<string, string> inPath, Violations violations)
    {
        var query = new Dictionary<string, StringValues>();
        var set = new HashSet<int>();
        foreach (var (name, sent) in request.Query)
        {
            query[name] = sent;
            if (FieldText.Find(message, name) is not { } field)
            {
                // A dotted name is a field within a field; binding looks at those.
                violations.Require(name.Contains('.', StringComparison.Ordinal), FieldText.Shorten(name), FieldText.Unknown(message));
                continue;
            }

            if (sent.Select(value => FieldText.Fault(field, value ?? "")).FirstOrDefault(fault => fault is not null) is { } fault)
            {
                violations.Add(field.Name, fault);
                continue;
            }

            query[name] = new StringValues([.. sent.Select(value => FieldText.Canonical(field, value ?? ""))]);
            if (!set.Add(field.FieldNumber) || (!field.IsRepeated && sent.Count > 1))
            {
                violations.Add(field.Name, $"is set {Math.Max(2, sent.Count)} times: send it once");
            }
            else if (inPath.TryGetValue(field.Name, out var other) && query[name] != other)
            {
                violations.Add(
                    field.Name, $"is {FieldText.Quote(query[name]!)} in the query and {FieldText.Quote(other)} in the path: send it once");
            }
        }

        request.Query = new QueryCollection(query);
    }

    private static void CheckBody(
        HttpRequest request, MessageDescriptor message, string body, byte[] bytes, Dictionary<string, string> inPath, Violations violations)
    {
        if (request.ContentType is { Length: > 0 } type && !request.HasJsonContentType())
        {
            violations.Add("content-type", $"{FieldText.Quote(type)} is not JSON: send the body as {Json}, in UTF-8");
            return;
        }

        ReadOnlyMemory<byte> json = bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
        if (body == "*" || message.FindFieldByName(body) is { IsRepeated: false, FieldType: FieldType.Message })
        {
            var (inner, path, elsewhere) = body == "*"
                ? (message, "", (IReadOnlyDictionary<string, string>)inPath)
                : (message.FindFieldByName(body).MessageType, body, ReadOnlyDictionary<string, string>.Empty);
            (var found, json) = JsonShape.Check(json, inner, path, elsewhere);
            foreach (var violation in found)
            {
                violations.Add(violation.Field, violation.Description);
            }
        }

        request.Body = new MemoryStream(json.ToArray(), writable: false);
        request.ContentLength = json.Length;
        request.ContentType = Json;
    }

    /// <summary>The whole body; null when it is larger than the limit.</summary>
    private async Task<byte[]?> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > _limit)
        {
            return null;
        }

        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.Buffer.Length > _limit)
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
