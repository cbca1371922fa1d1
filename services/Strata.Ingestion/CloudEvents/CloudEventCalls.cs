using System.Text.Unicode;
using CloudNative.CloudEvents;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Strata.Contracts.Ingestion.V1;
using Strata.Edge.Calls;
using Strata.Edge.Requests;
using Strata.Ingestion.Events;
using Strata.Ingestion.Events.Core;

namespace Strata.Ingestion.CloudEvents;

/// <summary>Events as CloudEvents: one is answered as PublishEvent is, a batch as PublishBatch is.</summary>
internal sealed class CloudEventCalls(EventIntake intake, BodyCalls calls, IOptions<EventOptions> options)
{
    private const string Json = "application/json";

    public Task RunAsync(HttpContext context) => calls.RunAsync(context, async body =>
    {
        if (!Utf8.IsValid(body.Span))
        {
            throw new InvalidRequestException("body", "is not UTF-8: send JSON as UTF-8");
        }

        var type = context.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        IMessage answer = type switch
        {
            CloudEventReader.Structured => await PublishAsync(context, CloudEventReader.Read(body)),
            CloudEventReader.Batched => await PublishAsync(context, CloudEventReader.Split(body, options.Value.MaxBatch)),
            Json => await PublishAsync(context, CloudEventReader.Read(context.Request, body)),
            _ => throw new InvalidRequestException(
                "content-type",
                $"must be {CloudEventReader.Structured}, {CloudEventReader.Batched}, or {Json} with the attributes in headers ce-id, …"),
        };
        context.Response.ContentType = Json;
        await context.Response.WriteAsync(MessageText.Write(answer), context.RequestAborted);
    });

    private async Task<PublishBatchResponse> PublishAsync(HttpContext context, IReadOnlyList<ReadOnlyMemory<byte>> sent)
    {
        calls.CountEvents(context, sent.Count);
        var answers = sent.Select((json, index) => AnswerAsync(context, (ulong)index, json)).ToList();
        return new PublishBatchResponse { Results = { await Task.WhenAll(answers) } };
    }

    private async Task<PublishEventsResponse> AnswerAsync(HttpContext context, ulong index, ReadOnlyMemory<byte> json)
    {
        try
        {
            return await intake.AnswerAsync(index, Request(context, CloudEventReader.Read(json)), context.RequestAborted);
        }
        catch (Exception fault) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The events beside it may be published already.
            var status = Faults.StatusOf(fault) ?? calls.Unexpected(context, fault);
            var field = fault switch
            {
                InvalidRequestException invalid => invalid.Violations[0].Field,
                Grpc.Core.RpcException => "event.user_id",
                _ => "",
            };
            return new PublishEventsResponse
            {
                Index = index,
                Rejected = new Rejection { Code = (int)status.StatusCode, Field = field, Message = status.Detail },
            };
        }
    }

    private Task<PublishEventResponse> PublishAsync(HttpContext context, CloudEvent sent)
        => intake.PublishAsync(Request(context, sent), context.RequestAborted);

    private static PublishEventRequest Request(HttpContext context, CloudEvent sent)
    {
        var violations = new Violations();
        var read = CloudEventMapping.Read(sent, violations);
        violations.Throw();
        BodyCalls.RequireOwn(context, read!);
        return new PublishEventRequest { Event = read };
    }
}
