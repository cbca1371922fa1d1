using Grpc.Core;

namespace Strata.Edge.Requests;

/// <summary>
/// A request that the caller must change. Ends the call with <see cref="Code"/>, the violations in the message and, as
/// <c>google.rpc.BadRequest</c>, in the details; over JSON in the body's <c>details</c>.
/// </summary>
public sealed class InvalidRequestException : Exception
{
    /// <summary>Makes one for several fields.</summary>
    public InvalidRequestException(IReadOnlyList<FieldViolation> violations)
        : base(string.Join("; ", violations ?? throw new ArgumentNullException(nameof(violations))))
    {
        Violations = violations;
    }

    /// <summary>Makes one for one field.</summary>
    public InvalidRequestException(string field, string description)
        : this([new FieldViolation(field, description)])
    {
    }

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<FieldViolation> Violations { get; }

    /// <summary>
    /// Status code of the call: INVALID_ARGUMENT, or FAILED_PRECONDITION when the request is well formed but something must be done before
    /// it, or RESOURCE_EXHAUSTED when it may be sent again later.
    /// </summary>
    public StatusCode Code { get; init; } = StatusCode.InvalidArgument;
}
