using Google.Protobuf.Reflection;
using Strata.Contracts;

namespace Strata.Local.Tests;

/// <summary>What can be called over gRPC.</summary>
internal static class ServiceMethods
{
    /// <summary>Every method of every service of the contracts.</summary>
    public static IReadOnlyList<MethodDescriptor> All { get; } =
    [
        .. typeof(Topics).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => type.GetProperty("Descriptor")?.GetValue(null)).OfType<FileDescriptor>()
            .SelectMany(file => file.Services).SelectMany(service => service.Methods)
            .OrderBy(method => method.FullName, StringComparer.Ordinal),
    ];
}
