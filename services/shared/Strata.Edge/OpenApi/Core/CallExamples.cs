using System.Reflection;
using System.Text.Json.Nodes;

namespace Strata.Edge.OpenApi.Core;

/// <summary>
/// Examples of calls, of the sample's shop: of parameters by the name of their field, of bodies by service and method, and by path too
/// where a binding wants another.
/// </summary>
/// <param name="examples">An object with <c>parameters</c> and <c>bodies</c>.</param>
internal sealed class CallExamples(JsonNode examples)
{
    /// <summary>Reads the resource <c>examples.json</c> of an assembly.</summary>
    public static CallExamples From(Assembly assembly)
    {
        using var resource = assembly.GetManifestResourceStream("examples.json")
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no resource examples.json.");
        return new CallExamples(JsonNode.Parse(resource)!);
    }

    /// <summary>An example of a parameter; null: there is none.</summary>
    public JsonNode? OfParameter(string field) => examples["parameters"]![field]?.DeepClone();

    /// <summary>An example of a binding's body; null: there is none.</summary>
    public JsonNode? OfBody(HttpBinding binding)
    {
        var (bodies, method) = (examples["bodies"]!, $"{binding.Method.Service.Name}.{binding.Method.Name}");
        return (bodies[$"{method} {binding.Path}"] ?? bodies[method])?.DeepClone();
    }
}
