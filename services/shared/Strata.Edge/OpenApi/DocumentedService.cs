using Google.Protobuf.Reflection;

namespace Strata.Edge.OpenApi;

/// <summary>A gRPC service whose HTTP rules belong into the OpenAPI document.</summary>
/// <param name="Descriptor">Descriptor from the generated code.</param>
internal sealed record DocumentedService(ServiceDescriptor Descriptor);
