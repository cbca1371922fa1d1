using Grpc.Core;
using Microsoft.Extensions.Options;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Edge.Calls;
using Strata.Edge.Requests;
using Strata.Ingestion.Events;
using Strata.Ingestion.Events.Core;

namespace Strata.Ingestion.Lines;

/// <summary>
/// Events as lines of JSON (NDJSON), each answered by a line, in their order: a bad line keeps no other one out. Empty lines are no events.
/// </summary>
internal sealed class EventLines(EventIntake intake, BodyCalls calls, IOptions<EventOptions> options)
{
    /// <summary>The media type of lines of JSON.</summary>
    public const string MediaType = "application/x-ndjson";

    private const byte NewLine = (byte)'\n';

    public Task RunAsync(HttpContext context) => calls.RunAsync(context, body => AnswerAsync(context, body));

    private async Task AnswerAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var lines = Split(body, options.Value.MaxLines + 1);
        Check(context.Request, lines.Count);
        calls.CountEvents(context, lines.Count);
        context.Response.ContentType = MediaType;
        foreach (var together in lines.Chunk(options.Value.MaxInFlight))
        {
            var answers = await Task.WhenAll(together.Select(line => AnswerAsync(context, line.Index, line.Json)));
            await context.Response.WriteAsync(
                string.Concat(answers.Select(answer => MessageText.Write(answer) + '\n')), context.RequestAborted);
        }
    }

    private void Check(HttpRequest request, int lines)
    {
        var violations = new Violations();
        var type = request.ContentType?.Split(';')[0].Trim();
        violations.Require(
            string.Equals(type, MediaType, StringComparison.OrdinalIgnoreCase),
            "content-type",
            $"must be {MediaType}: an event on each line, in UTF-8");
        violations.Require(
            lines > 0 && lines <= options.Value.MaxLines,
            "body",
            $"has {(lines == 0 ? "no" : "too many")} lines with an event: send 1 to {options.Value.MaxLines} of them in a call");
        violations.Throw();
    }

    private async Task<PublishEventsResponse> AnswerAsync(HttpContext context, int index, ReadOnlyMemory<byte> json)
    {
        try
        {
            var violations = new Violations();
            var read = MessageText.Read<UserEvent>(json, "event", violations);
            violations.Throw();
            BodyCalls.RequireOwn(context, read!);
            return await intake.AnswerAsync((ulong)index, new PublishEventRequest { Event = read }, context.RequestAborted);
        }
        catch (InvalidRequestException invalid)
        {
            return Refused(index, new Status(invalid.Code, invalid.Message), invalid.Violations[0].Field);
        }
        catch (RpcException refused)
        {
            return Refused(index, refused.Status, "event.user_id");
        }
        catch (Exception fault) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The lines around it are answered already, or on their way.
            return Refused(index, calls.Unexpected(context, fault), "");
        }
    }

    private static PublishEventsResponse Refused(int index, Status status, string field) => new()
    {
        Index = (ulong)index,
        Rejected = new Rejection { Code = (int)status.StatusCode, Field = field, Message = status.Detail },
    };

    /// <summary>The lines that hold anything, up to so many of them, with their 0-based numbers.</summary>
    private static List<(int Index, ReadOnlyMemory<byte> Json)> Split(ReadOnlyMemory<byte> body, int most)
    {
        var lines = new List<(int, ReadOnlyMemory<byte>)>();
        for (var (index, rest) = (0, body); rest.Length > 0 && lines.Count < most; index++)
        {
            var end = rest.Span.IndexOf(NewLine);
            var line = end < 0 ? rest : rest[..end];
            if (!line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                lines.Add((index, line));
            }

            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return lines;
    }
}
