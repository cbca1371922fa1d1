using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Strata.Edge.Requests;
using Strata.ServiceDefaults.Redis;
using Strata.Streaming.Publishing;
using GrpcStatus = Grpc.Core.Status;

namespace Strata.Edge.Calls;

/// <summary>Which status a fault ends a call with, decided here only.</summary>
public static class Faults
{
    /// <summary>What a caller is told whose bytes are no message.</summary>
    public const string NoMessage = "The bytes are no message of this method's type (a field of another wire type, text that is not UTF-8, "
        + "cut off, or nested too deep), or no frame of gRPC's. Build them by the contracts' protos, and send one message.";

    /// <summary>With what the words of a fault of ours begin; gRPC's own INTERNAL is about a caller's frames.</summary>
    internal const string UnexpectedFault = "Unexpected fault";

    /// <summary>gRPC's own trailer for details.</summary>
    private const string DetailsTrailer = "grpc-status-details-bin";

    /// <summary>When to come again: an election of leaders takes some seconds, and most waits are shorter.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    /// <summary>The status of a fault that has a meaning to the caller; null when it is unexpected.</summary>
    public static GrpcStatus? StatusOf(Exception fault) => fault switch
    {
        RpcException known => known.Status,
        InvalidRequestException invalid => new GrpcStatus(invalid.Code, invalid.Message),
        InvalidProtocolBufferException => new GrpcStatus(StatusCode.InvalidArgument, NoMessage),
        PublishException { Full: true } => new GrpcStatus(
            StatusCode.ResourceExhausted, "Too much waits for the broker already. Send the same request again a little later."),
        PublishException { Transient: true } => new GrpcStatus(
            StatusCode.Unavailable,
            "The broker did not acknowledge in time. Send the same request again, with the same ids: it counts once."),
        _ when RedisFaults.IsUnavailable(fault)
            => new GrpcStatus(StatusCode.Unavailable, "The state store does not answer now. Try again."),
        _ => null,
    };

    /// <summary>What the call ends with, for a fault that has a meaning to the caller.</summary>
    internal static RpcException? Expected(Exception fault, ServerCallContext context) => fault switch
    {
        RpcException { Trailers.Count: 0 } known when IsWorthARetry(known.StatusCode)
            => new RpcException(known.Status, Retry(known.Status)),
        RpcException known => known,
        // A stream that the caller reset ends in a read that fails.
        OperationCanceledException or IOException when context.CancellationToken.IsCancellationRequested => Ended(context),
        // Read behind the first message of a stream: a frame that is none, or is not packed as it says.
        (InvalidDataException or IOException) and { Source: "Grpc.AspNetCore.Server" or "System.IO.Compression" }
            => new RpcException(new GrpcStatus(StatusCode.InvalidArgument, NoMessage)),
        _ when StatusOf(fault) is { } status => new RpcException(status, Trailers(fault, status)),
        _ => null,
    };

    /// <summary>A refusal with its violations, as it travels in the details.</summary>
    internal static Google.Rpc.Status Describe(InvalidRequestException invalid)
    {
        var request = new BadRequest();
        request.FieldViolations.AddRange(
            invalid.Violations.Select(v => new BadRequest.Types.FieldViolation { Field = v.Field, Description = v.Description }));
        var status = new Google.Rpc.Status { Code = (int)invalid.Code, Message = invalid.Message, Details = { Any.Pack(request) } };
        if (IsWorthARetry(invalid.Code))
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(RetryDelay) }));
        }

        return status;
    }

    /// <summary>The status of an unexpected fault: its text stays in the log, found there by the trace id.</summary>
    internal static RpcException Unexpected(string traceId)
        => new(new GrpcStatus(StatusCode.Internal, $"{UnexpectedFault}. The log has it under trace id {traceId}."));

    /// <summary>Trace id of the call at hand.</summary>
    internal static string TraceId(ServerCallContext context)
        => Activity.Current?.TraceId.ToHexString() ?? context.GetHttpContext().TraceIdentifier;

    private static Metadata Trailers(Exception fault, GrpcStatus status)
        => fault is InvalidRequestException invalid ? new Metadata { { DetailsTrailer, Describe(invalid).ToByteArray() } }
            : IsWorthARetry(status.StatusCode) ? Retry(status)
            : [];

    /// <summary>A fault that has a meaning to the caller, as it travels in the body over JSON; null when it is unexpected.</summary>
    internal static Google.Rpc.Status? DescribeKnown(Exception fault) => fault is InvalidRequestException invalid ? Describe(invalid)
        : StatusOf(fault) is not { } status ? null
        : IsWorthARetry(status.StatusCode) ? RetryStatus(status)
        : new Google.Rpc.Status { Code = (int)status.StatusCode, Message = status.Detail };

    private static bool IsWorthARetry(StatusCode code) => code is StatusCode.Unavailable or StatusCode.ResourceExhausted;

    private static Metadata Retry(GrpcStatus status) => new() { { DetailsTrailer, RetryStatus(status).ToByteArray() } };

    private static Google.Rpc.Status RetryStatus(GrpcStatus status) => new()
    {
        Code = (int)status.StatusCode,
        Message = status.Detail,
        Details = { Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(RetryDelay) }) },
    };

    private static RpcException Ended(ServerCallContext context)
        => context.Deadline < DateTime.MaxValue
            ? new RpcException(new GrpcStatus(StatusCode.DeadlineExceeded, "The deadline passed or the caller went away."))
            : new RpcException(new GrpcStatus(StatusCode.Cancelled, "The caller went away."));
}
