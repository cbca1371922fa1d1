using Grpc.Core;
using Strata.Evaluator.Datasets;

namespace Strata.Cli.Frame;

/// <summary>Why a command ended early, as the one line that people read.</summary>
/// <param name="ExitCode">What the process returns.</param>
/// <param name="Text">What is wrong, and what would mend it: two sentences.</param>
internal readonly record struct Fault(ExitCode ExitCode, string Text)
{
    public static Fault Of(Exception fault, bool cancelled) => fault switch
    {
        _ when cancelled => new(ExitCode.Cancelled, "cancelled. Nothing more is written."),
        DatasetException => new(ExitCode.BadInput, fault.Message),
        ServiceException { Status: var status } => new(Code(status), $"{Sentence(fault.Message)} {Remedy(status)}"),
        StackExchange.Redis.RedisConnectionException or TimeoutException => new(
            ExitCode.Unavailable,
            $"{Sentence(fault.Message)} {Remedy(StatusCode.Unavailable)}"),
        InvalidDataException => new(ExitCode.BadInput, $"{Sentence(fault.Message)} Give the whole file as it was made."),
        UnauthorizedAccessException or IOException => new(
            ExitCode.BadInput,
            $"{Sentence(fault.Message)} Give a path that can be read or written."),
        _ => new(ExitCode.Failed, $"{Sentence(fault.Message)} Run it again with --verbose to see where."),
    };

    private static ExitCode Code(StatusCode status) => status switch
    {
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted or StatusCode.Aborted => ExitCode.Unavailable,
        StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss or StatusCode.Cancelled => ExitCode.Failed,
        _ => ExitCode.BadInput,
    };

    private static string Remedy(StatusCode status) => status switch
    {
        StatusCode.Unavailable => "Start it, or give the address where it listens.",
        StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted or StatusCode.Aborted => "Try again when it has less to do.",
        StatusCode.Unimplemented => "Give the gRPC address of that service.",
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => "Ask its operator for access.",
        StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss or StatusCode.Cancelled => "Its log says why.",
        _ => "Mend what it names.",
    };

    private static string Sentence(string text) => text.TrimEnd().EndsWith('.') ? text.TrimEnd() : $"{text.TrimEnd()}.";
}
