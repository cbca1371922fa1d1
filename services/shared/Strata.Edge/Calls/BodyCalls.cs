using Google.Rpc;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Strata.Edge.Rates;
using Strata.Edge.Requests;

namespace Strata.Edge.Calls;

/// <summary>
/// Calls over HTTP whose body is no single message. What holds for the JSON calls holds for them: the limit of a body, gzip, the caller's
/// rate, the shape of errors.
/// </summary>
public sealed class BodyCalls
{
    private readonly int _limit;
    private readonly KeyRates _rates;
    private readonly ILogger<BodyCalls> _logger;

    internal BodyCalls(IOptions<CallsOptions> options, KeyRates rates, ILogger<BodyCalls> logger)
    {
        _limit = options.Value.MaxMessageBytes;
        _rates = rates;
        _logger = logger;
    }

    /// <summary>Reads the body and answers; what is thrown before the answer has begun becomes an answer.</summary>
    /// <param name="context">The call.</param>
    /// <param name="answer">Answers by the body, unpacked and without a byte order mark.</param>
    public async Task RunAsync(HttpContext context, Func<ReadOnlyMemory<byte>, Task> answer)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(answer);
        try
        {
            Count(context, 1);
            var violations = new Violations();
            JsonCallCheck.RefuseQuery(context, violations);
            violations.Throw();
            var read = await BodyText.ReadAsync(context.Request, _limit);
            if (read.HttpStatus != StatusCodes.Status200OK)
            {
                var tooLarge = read.HttpStatus == StatusCodes.Status413PayloadTooLarge;
                var code = tooLarge ? Code.ResourceExhausted : Code.InvalidArgument;
                await JsonErrors.WriteAsync(context, read.HttpStatus, new Status { Code = (int)code, Message = read.Fault });
                return;
            }

            violations.Require(read.Fault is null, "content-encoding", read.Fault ?? "");
            violations.Throw();
            await answer(read.Bytes.AsSpan().StartsWith("\uFEFF"u8) ? read.Bytes.AsMemory(3) : read.Bytes);
        }
        catch (Exception fault) when (!context.Response.HasStarted && Faults.DescribeKnown(fault) is { } known)
        {
            await JsonErrors.WriteAsync(context, HttpStatus((Code)known.Code), known);
        }
        catch (Exception fault) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            var unexpected = Unexpected(context, fault);
            await JsonErrors.WriteAsync(
                context,
                StatusCodes.Status500InternalServerError,
                new Status { Code = (int)unexpected.StatusCode, Message = unexpected.Detail });
        }
    }

    /// <summary>Ends the call with PERMISSION_DENIED where the caller is bound to one user and the message names another.</summary>
    /// <exception cref="Grpc.Core.RpcException">It does.</exception>
    public static void RequireOwn(HttpContext context, object message)
    {
        ArgumentNullException.ThrowIfNull(context);
        CallerBinding.Check(message, context);
    }

    /// <summary>Counts events against the caller's rate, beside the one that the call itself counts as.</summary>
    /// <exception cref="InvalidRequestException">They are too many for now: RESOURCE_EXHAUSTED.</exception>
    public void CountEvents(HttpContext context, int events)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (events > 1 && _rates.Burst > 1)
        {
            Count(context, Math.Min(events, _rates.Burst) - 1); // one is taken, and more than a bucketful there never is
        }
    }

    /// <summary>What is said of a fault that nobody foresaw, one of many answers of a call; the log has it.</summary>
    public Grpc.Core.Status Unexpected(HttpContext context, Exception fault)
    {
        ArgumentNullException.ThrowIfNull(context);
        _logger.CallFailed(fault, context.Request.Path, context.TraceIdentifier);
        return Faults.Unexpected(context.TraceIdentifier).Status;
    }

    private void Count(HttpContext context, int calls)
    {
        if (Callers.Of(context) is { } caller)
        {
            _rates.Require(caller, calls);
        }
    }

    // As google.rpc.Code has it, and as the JSON calls do.
    private static int HttpStatus(Code code) => code switch
    {
        Code.InvalidArgument or Code.FailedPrecondition or Code.OutOfRange => StatusCodes.Status400BadRequest,
        Code.Unauthenticated => StatusCodes.Status401Unauthorized,
        Code.PermissionDenied => StatusCodes.Status403Forbidden,
        Code.NotFound => StatusCodes.Status404NotFound,
        Code.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        Code.Unavailable => StatusCodes.Status503ServiceUnavailable,
        Code.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };
}
