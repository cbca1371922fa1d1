using System.Diagnostics.Metrics;
using System.Globalization;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Strata.Edge.Calls;

/// <summary>
/// Says over gRPC what to do when a message is too large or no message at all: gRPC refuses both before any interceptor sees the call, and
/// in words that don't help.
/// </summary>
internal sealed class UnreadMessages(
    RequestDelegate next, IOptions<CallsOptions> options, IMeterFactory meters, ILogger<UnreadMessages> logger)
{
    /// <summary>gRPC's log of what ends a call before an interceptor: it takes a caller's bytes for a fault of the server.</summary>
    public const string GrpcLog = "Grpc.AspNetCore.Server.ServerCallHandler";

    private const string StatusTrailer = "grpc-status";
    private const string MessageTrailer = "grpc-message";

    /// <summary>How gRPC's own refusal begins; other calls that end with RESOURCE_EXHAUSTED keep their words.</summary>
    private const string TooLarge = "Received message exceeds";

    private static readonly string Exhausted = StatusCode.ResourceExhausted.ToString("D");
    private static readonly string Unknown = StatusCode.Unknown.ToString("D");
    private static readonly string Internal = StatusCode.Internal.ToString("D");
    private static readonly string Invalid = StatusCode.InvalidArgument.ToString("D");

    private readonly Counter<long> _unreadable = meters.Create("Strata.Edge").CreateCounter<long>(
        "strata.edge.unreadable_messages", "{call}", "Calls over gRPC that ended because their bytes were no message.");

    private readonly string _refusal = Refusal(options.Value.MaxMessageBytes);

    public static string Refusal(int limit)
        => string.Create(
            CultureInfo.InvariantCulture,
            $"The message is larger than {limit} bytes (setting Calls:MaxMessageBytes). "
            + $"Send fewer entries in a call, or shorten their texts.");

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not null)
        {
            Reword(context, context.Response.Headers);
            Reword(context, context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers);
        }
    }

    private void Reword(HttpContext context, IHeaderDictionary? trailers)
    {
        if (trailers is not { IsReadOnly: false }
            || !trailers.TryGetValue(StatusTrailer, out var status) || !trailers.TryGetValue(MessageTrailer, out var encoded))
        {
            return;
        }

        var message = Uri.UnescapeDataString(encoded.ToString());
        if (status == Exhausted && message.StartsWith(TooLarge, StringComparison.Ordinal))
        {
            trailers[MessageTrailer] = _refusal;
        }
        else if (status == Unknown && !IsOfBytes(message))
        {
            logger.CallFailed(null, context.Request.Path, message);
        }
        else if (status == Unknown || (status == Internal && !message.StartsWith(Faults.UnexpectedFault, StringComparison.Ordinal)))
        {
            logger.NoMessage(context.Request.Path, message);
            _unreadable.Add(1);
            (trailers[StatusTrailer], trailers[MessageTrailer]) = (Invalid, Faults.NoMessage);
        }
    }

    private static bool IsOfBytes(string message)
        => message.Contains(nameof(InvalidProtocolBufferException), StringComparison.Ordinal)
            || message.Contains(nameof(InvalidDataException), StringComparison.Ordinal)
            || message.Contains("Message too large", StringComparison.Ordinal); // a length of 2 GiB or more
}
