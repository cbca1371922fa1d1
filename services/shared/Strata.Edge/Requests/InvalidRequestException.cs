using System.Text;
using Grpc.Core;

namespace Strata.Edge.Requests;

/// <summary>
/// A request that the caller must change. Ends the call with <see cref="Code"/>, the violations in the message and, as
/// <c>google.rpc.BadRequest</c>, in the details; over JSON in the body's <c>details</c>. As many as fit into what a client takes as
/// trailers, where they stand twice, percent-encoded and as base64; how many more there are is counted.
/// </summary>
public sealed class InvalidRequestException : Exception
{
    /// <summary>Bytes of what is said: eight kilobytes of trailers are the least that a gRPC client takes.</summary>
    private const int MostBytes = 1_280;

    /// <summary>Letters of a field's path and of a description.</summary>
    private const int MostLetters = 400;

    /// <summary>Makes one for several fields.</summary>
    public InvalidRequestException(IReadOnlyList<FieldViolation> violations)
        : this(Fitting(violations ?? throw new ArgumentNullException(nameof(violations))), violations.Count)
    {
    }

    /// <summary>Makes one for one field.</summary>
    public InvalidRequestException(string field, string description)
        : this([new FieldViolation(field, description)])
    {
    }

    private InvalidRequestException(IReadOnlyList<FieldViolation> told, int found)
        : base(string.Join("; ", told) + (told.Count < found ? $"; and {found - told.Count} more like these" : ""))
    {
        Violations = told;
    }

    /// <summary>What is wrong; of much the first.</summary>
    public IReadOnlyList<FieldViolation> Violations { get; }

    /// <summary>
    /// Status code of the call: INVALID_ARGUMENT, or FAILED_PRECONDITION when the request is well formed but something must be done before
    /// it, or RESOURCE_EXHAUSTED when it may be sent again later.
    /// </summary>
    public StatusCode Code { get; init; } = StatusCode.InvalidArgument;

    private static List<FieldViolation> Fitting(IReadOnlyList<FieldViolation> violations)
    {
        var told = new List<FieldViolation>();
        var bytes = 0;
        foreach (var violation in violations.Select(all => new FieldViolation(Shorten(all.Field), Shorten(all.Description))))
        {
            bytes += Encoding.UTF8.GetByteCount(violation.ToString());
            if (told.Count > 0 && bytes > MostBytes)
            {
                break;
            }

            told.Add(violation);
        }

        return told;
    }

    private static string Shorten(string text)
        => text.Length <= MostLetters ? text
            : text[..(MostLetters - (char.IsHighSurrogate(text[MostLetters - 1]) ? 1 : 0))] + "…";
}
