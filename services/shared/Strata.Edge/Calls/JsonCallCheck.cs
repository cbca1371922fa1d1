using System.Buffers;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Strata.Edge.Calls.Core;
using Strata.Edge.Requests;
using GoogleCode = Google.Rpc.Code;
using GoogleStatus = Google.Rpc.Status;

namespace Strata.Edge.Calls;

/// <summary>
/// Looks at a JSON call before it is bound to its message. Binding alone would refuse a wrong one as "not correctly formatted", skip a
/// misspelt field in silence, and take a body of any size.
/// </summary>
internal sealed class JsonCallCheck(RequestDelegate next, IOptions<CallsOptions> options)
{
    private readonly int _limit = options.Value.MaxMessageBytes;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not { } call)
        {
            await next(context);
        }
        else if (call.HttpRule.Body is { Length: > 0 } body)
        {
            await CheckBodyAsync(context, call.MethodDescriptor.InputType, body);
        }
        else
        {
            await CheckQueryAsync(context, call.MethodDescriptor.InputType);
        }
    }

    private async Task CheckQueryAsync(HttpContext context, MessageDescriptor request)
    {
        var violations = new Violations();
        foreach (var (name, values) in context.Request.Query)
        {
            if (FieldText.Find(request, name) is not { } field)
            {
                // A dotted name is a field within a field; binding looks at those.
                violations.Require(name.Contains('.', StringComparison.Ordinal), FieldText.Shorten(name), FieldText.Unknown(request));
            }
            else if (values.Select(value => FieldText.Fault(field, value ?? string.Empty)).FirstOrDefault(f => f is not null) is { } fault)
            {
                violations.Add(field.Name, fault);
            }
        }

        await RefuseOrGoOnAsync(context, violations.Found);
    }

    private async Task CheckBodyAsync(HttpContext context, MessageDescriptor request, string body)
    {
        if (await ReadAsync(context.Request) is not { } bytes)
        {
            var oversized = new GoogleStatus { Code = (int)GoogleCode.ResourceExhausted, Message = OversizedMessages.Refusal(_limit) };
            await JsonErrors.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, oversized);
            return;
        }

        context.Request.Body = new MemoryStream(bytes, writable: false);
        context.Request.ContentLength = bytes.Length;
        await RefuseOrGoOnAsync(context, Check(request, body, bytes));
    }

    private Task RefuseOrGoOnAsync(HttpContext context, IReadOnlyList<FieldViolation> violations)
        => violations.Count == 0
            ? next(context)
            : JsonErrors.WriteAsync(context, StatusCodes.Status400BadRequest, Faults.Describe(new InvalidRequestException(violations)));

    private static IReadOnlyList<FieldViolation> Check(MessageDescriptor request, string body, byte[] bytes)
    {
        if (body == "*")
        {
            return JsonShape.Check(bytes, request, string.Empty);
        }

        return request.FindFieldByName(body) is { IsRepeated: false, FieldType: FieldType.Message } field
            ? JsonShape.Check(bytes, field.MessageType, field.Name)
            : [];
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
