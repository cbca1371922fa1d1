using Google.Protobuf.Reflection;

namespace Strata.Edge.OpenApi.Core;

/// <summary>A POST that is no method of a gRPC service and belongs into the OpenAPI document.</summary>
/// <param name="Path">Its address.</param>
/// <param name="OperationId">Its name, unlike any other's.</param>
public sealed record DocumentedCall(string Path, string OperationId)
{
    /// <summary>The group it stands in: the name of a service.</summary>
    public required string Tag { get; init; }

    /// <summary>What it does.</summary>
    public required string Summary { get; init; }

    /// <summary>Headers it reads, none of which every call needs.</summary>
    public IList<DocumentedHeader> Headers { get; } = [];

    /// <summary>Bodies it takes.</summary>
    public IList<DocumentedBody> Requests { get; } = [];

    /// <summary>Bodies it answers with.</summary>
    public IList<DocumentedBody> Responses { get; } = [];
}

/// <summary>A header of a documented call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it says.</param>
/// <param name="Example">An example.</param>
public sealed record DocumentedHeader(string Name, string Summary, string Example);

/// <summary>A body of a documented call.</summary>
/// <param name="MediaType">Its type.</param>
/// <param name="Message">The message that it, or each line of it, holds; null: it has a form of its own.</param>
/// <param name="Example">An example, or a line of one, as JSON.</param>
public sealed record DocumentedBody(string MediaType, MessageDescriptor? Message, string Example);
