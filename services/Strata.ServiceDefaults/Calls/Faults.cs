using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Strata.ServiceDefaults.Redis;
using Strata.ServiceDefaults.Requests;
using Strata.Streaming;
using GrpcStatus = Grpc.Core.Status;

namespace Strata.ServiceDefaults.Calls;

/// <summary>Which status a fault ends a call with. The one place where that is decided.</summary>
internal static class Faults
{
    /// <summary>gRPC's own trailer for details.</summary>
    private const string DetailsTrailer = "grpc-status-details-bin";

    /// <summary>The status of a fault that has a meaning to the caller; null when it is unexpected.</summary>
    public static RpcException? Expected(Exception fault, ServerCallContext context) => fault switch
    {
        RpcException known => known,
        InvalidRequestException invalid => Invalid(invalid),
        OperationCanceledException when context.CancellationToken.IsCancellationRequested => Ended(context),
        PublishException { Transient: true } => Unavailable("The broker did not acknowledge in time. Nothing is lost on the caller's side: send the same request again, with the same ids."),
        _ when RedisFaults.IsUnavailable(fault) => Unavailable("The state store does not answer now. Try again."),
        _ => null,
    };

    /// <summary>A refusal with its violations, as it travels in the details.</summary>
    public static Google.Rpc.Status Describe(InvalidRequestException invalid)
    {
        var request = new BadRequest();
        request.FieldViolations.AddRange(invalid.Violations.Select(v => new BadRequest.Types.FieldViolation { Field = v.Field, Description = v.Description }));
        return new Google.Rpc.Status { Code = (int)invalid.Code, Message = invalid.Message, Details = { Any.Pack(request) } };
    }

    /// <summary>The status of an unexpected fault: its text stays in the log, found there by the trace id.</summary>
    public static RpcException Unexpected(string traceId)
        => new(new GrpcStatus(StatusCode.Internal, $"Unexpected fault. The log has it under trace id {traceId}."));

    /// <summary>Trace id of the call at hand.</summary>
    public static string TraceId(ServerCallContext context) => Activity.Current?.TraceId.ToHexString() ?? context.GetHttpContext().TraceIdentifier;

    private static RpcException Invalid(InvalidRequestException invalid)
        => new(new GrpcStatus(invalid.Code, invalid.Message), new Metadata { { DetailsTrailer, Describe(invalid).ToByteArray() } });

    private static RpcException Ended(ServerCallContext context)
        => context.Deadline < DateTime.MaxValue
            ? new RpcException(new GrpcStatus(StatusCode.DeadlineExceeded, "The deadline passed or the caller went away."))
            : new RpcException(new GrpcStatus(StatusCode.Cancelled, "The caller went away."));

    private static RpcException Unavailable(string message) => new(new GrpcStatus(StatusCode.Unavailable, message));
}
