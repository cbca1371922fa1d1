using System.Threading.Channels;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using GrpcStatus = Grpc.Core.Status;

namespace Strata.Client.Tests;

/// <summary>An Ingestion that answers each call by the next line of a script, and takes everything once the script is over.</summary>
internal sealed class ScriptedIngestion(params Func<PublishBatchRequest, Task<PublishBatchResponse>>[] script) : CallInvoker
{
    private readonly Channel<PublishBatchRequest> _calls = Channel.CreateUnbounded<PublishBatchRequest>();
    private int _answered;

    public Ingestion.IngestionClient Client => new(this);

    /// <summary>How long its senders linger unless they are told otherwise.</summary>
    public static TimeSpan Linger { get; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Calls that nobody looked at yet.</summary>
    public int Unread => _calls.Reader.Count;

    /// <summary>The next call, as soon as it is made.</summary>
    public ValueTask<PublishBatchRequest> CallAsync() => _calls.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public static Task<PublishBatchResponse> Take(PublishBatchRequest request)
        => Answer(request, _ => null);

    /// <summary>Takes those whose rejection is null.</summary>
    public static Task<PublishBatchResponse> Answer(PublishBatchRequest request, Func<string, Rejection?> rejection)
        => Task.FromResult(new PublishBatchResponse
        {
            Results =
            {
                request.Events.Select((sent, index) => rejection(sent.EventId) is { } rejected
                    ? new PublishEventsResponse { Index = (ulong)index, Rejected = rejected }
                    : new PublishEventsResponse
                    {
                        Index = (ulong)index,
                        Accepted = new PublishEventResponse { EventId = sent.EventId, AsOf = $"as of {sent.EventId}" },
                    }),
            },
        });

    /// <summary>Ends the call, with a RetryInfo where there is a delay.</summary>
    public static Task<PublishBatchResponse> Fail(StatusCode code, TimeSpan? retryAfter = null)
    {
        var details = new Google.Rpc.Status { Code = (int)code };
        if (retryAfter is { } delay)
        {
            details.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        }

        return Task.FromException<PublishBatchResponse>(new RpcException(
            new GrpcStatus(code, $"ended with {code}"), new Metadata { { "grpc-status-details-bin", details.ToByteArray() } }));
    }

    public static UserEvent Click(string user, string id)
        => new() { EventId = id, UserId = user, ItemId = "lamp", Kind = EventKind.Click };

    /// <summary>A sender to it.</summary>
    public EventSender Sender(TimeProvider time, Action<EventSenderOptions>? set)
    {
        var options = new EventSenderOptions { Linger = Linger };
        set?.Invoke(options);
        return new EventSender(Client, options, time, new Random(7));
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var asked = (PublishBatchRequest)(object)request;
        var answer = _answered < script.Length ? script[_answered++](asked) : Take(asked);
        _calls.Writer.TryWrite(asked.Clone());
        return new AsyncUnaryCall<TResponse>(
            (Task<TResponse>)(object)answer.WaitAsync(options.CancellationToken),
            Task.FromResult(new Metadata()),
            () => GrpcStatus.DefaultSuccess,
            () => [],
            () => { });
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();
}
