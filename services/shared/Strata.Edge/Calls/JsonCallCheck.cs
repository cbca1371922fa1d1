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
            await (IsGrpcOverHttp1(context.Request) ? RefuseGrpcAsync(context) : next(context));
            return;
        }

        var violations = new Violations();
        var request = call.MethodDescriptor.InputType;
        var inPath = ReadPath(context, request, violations);
        if (call.HttpRule.Body is not { Length: > 0 } body)
        {
            CheckQuery(context, request, inPath, violations);
        }
        else
        {
            RefuseQuery(context, violations);
            var read = await BodyText.ReadAsync(context.Request, _limit);
            if (read.HttpStatus != StatusCodes.Status200OK)
            {
                var tooLarge = read.HttpStatus == StatusCodes.Status413PayloadTooLarge;
                var code = tooLarge ? GoogleCode.ResourceExhausted : GoogleCode.InvalidArgument;
                await JsonErrors.WriteAsync(context, read.HttpStatus, new GoogleStatus { Code = (int)code, Message = read.Fault });
                return;
            }

            if (read.Fault is not null)
            {
                violations.Add("content-encoding", read.Fault);
            }
            else
            {
                CheckBody(context.Request, request, body, read.Bytes, inPath, violations);
            }
        }

        await (violations.None
            ? next(context)
            : JsonErrors.WriteAsync(
                context, StatusCodes.Status400BadRequest, Faults.Describe(new InvalidRequestException(violations.Found))));
    }

    private static bool IsGrpcOverHttp1(HttpRequest request)
        => HttpProtocol.IsHttp11(request.Protocol)
            && request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>gRPC would answer 200 without a body, and say in a header only that there is no such service.</summary>
    private static Task RefuseGrpcAsync(HttpContext context)
        => JsonErrors.WriteAsync(
            context,
            StatusCodes.Status400BadRequest,
            Faults.Describe(new InvalidRequestException(
                "content-type", "is that of gRPC, which goes over HTTP/2 to the port of gRPC: send application/json here")));

    /// <summary>The fields that stand in the path, each decoded once, from the address as it was sent.</summary>
    private static Dictionary<string, string> ReadPath(HttpContext context, MessageDescriptor request, Violations violations)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var sent = AddressText.Segments(Target(context));
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

    private static void CheckQuery(HttpContext context, MessageDescriptor message, Dictionary<string, string> inPath, Violations violations)
    {
        var query = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        foreach (var (name, sent, unread) in AddressText.Query(Target(context)))
        {
            if (FieldText.Find(message, name) is not { } field)
            {
                violations.Add(FieldText.Shorten(name), unread ?? FieldText.Unknown(message));
                continue;
            }

            if ((unread ?? FieldText.QueryFault(field, sent!)) is { } fault)
            {
                violations.Add(field.Name, fault);
                continue;
            }

            var text = FieldText.Canonical(field, sent!)!;
            if (!field.IsRepeated && query.ContainsKey(field.JsonName))
            {
                violations.Add(field.Name, "is set more than once: send it once");
            }
            else if (inPath.TryGetValue(field.Name, out var other) && text != other)
            {
                violations.Add(
                    field.Name, $"is {FieldText.Quote(text)} in the query and {FieldText.Quote(other)} in the path: send it once");
            }

            query[field.JsonName] = StringValues.Concat(query.GetValueOrDefault(field.JsonName), text);
        }

        context.Request.Query = new QueryCollection(query);
    }

    /// <summary>Binding would skip what stands in the query beside a body, or let it win over the body.</summary>
    internal static void RefuseQuery(HttpContext context, Violations violations)
    {
        foreach (var (name, _, unread) in AddressText.Query(Target(context)))
        {
            violations.Add(FieldText.Shorten(name), unread ?? "is in the query of a call with a body: send it in the body");
        }
    }

    private static string Target(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    private static void CheckBody(
        HttpRequest request, MessageDescriptor message, string body, byte[] bytes, Dictionary<string, string> inPath, Violations violations)
    {
        if (bytes.Length > 0 && !request.HasJsonContentType())
        {
            // A page elsewhere may send a body without a type and need not ask this host first.
            var type = request.ContentType is { Length: > 0 } sent ? $"{FieldText.Quote(sent)} is not JSON" : "is missing";
            violations.Add("content-type", $"{type}: send the body as {Json}, in UTF-8");
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
}
