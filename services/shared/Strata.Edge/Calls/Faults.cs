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
    /// <summary>gRPC's own trailer for details.</summary>
    private const string DetailsTrailer = "grpc-status-details-bin";

    /// <summary>The status of a fault that has a meaning to the caller; null when it is unexpected.</summary>
    public static GrpcStatus? StatusOf(Exception fault) => fault switch
    {
        RpcException known => known.Status,
        InvalidRequestException invalid => new GrpcStatus(invalid.Code, invalid.Message),
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
        RpcException known => known,
        OperationCanceledException when context.CancellationToken.IsCancellationRequested => Ended(context),
        _ when StatusOf(fault) is { } status => new RpcException(status, Trailers(fault)),
        _ => null,
    };

    /// <summary>A refusal with its violations, as it travels in the details.</summary>
    internal static Google.Rpc.Status Describe(InvalidRequestException invalid)
    {
        var request = new BadRequest();
        request.FieldViolations.AddRange(
            invalid.Violations.Select(v => new BadRequest.Types.FieldViolation { Field = v.Field, Description = v.Description }));
        return new Google.Rpc.Status { Code = (int)invalid.Code, Message = invalid.Message, Details = { Any.Pack(request) } };
    }

    /// <summary>The status of an unexpected fault: its text stays in the log, found there by the trace id.</summary>
    internal static RpcException Unexpected(string traceId)
        => new(new GrpcStatus(StatusCode.Internal, $"Unexpected fault. The log has it under trace id {traceId}."));

    /// <summary>Trace id of the call at hand.</summary>
    internal static string TraceId(ServerCallContext context)
        => Activity.Current?.TraceId.ToHexString() ?? context.GetHttpContext().TraceIdentifier;

    private static Metadata Trailers(Exception fault)
        => fault is InvalidRequestException invalid ? new Metadata { { DetailsTrailer, Describe(invalid).ToByteArray() } } : [];

    private static RpcException Ended(ServerCallContext context)
        => context.Deadline < DateTime.MaxValue
            ? new RpcException(new GrpcStatus(StatusCode.DeadlineExceeded, "The deadline passed or the caller went away."))
            : new RpcException(new GrpcStatus(StatusCode.Cancelled, "The caller went away."));
}
