using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;

namespace Strata.Edge.OpenApi.Core;

/// <summary>How a method is called over HTTP, by its <c>google.api.http</c> rule.</summary>
/// <param name="Method">The gRPC method.</param>
/// <param name="Verb">HTTP method.</param>
/// <param name="Path">Path template; parameters in braces are fields of the request.</param>
/// <param name="Body">Field that is the body, "*" for the whole request, or empty.</param>
/// <param name="Number">0-based among the method's bindings.</param>
internal sealed partial record HttpBinding(MethodDescriptor Method, HttpMethod Verb, string Path, string Body, int Number)
{
    /// <summary>Names of the fields in the path.</summary>
    public IReadOnlySet<string> PathFields { get; } = Parameters().Matches(Path).Select(m => m.Groups[1].Value).ToHashSet();

    /// <summary>The bindings of a method: none when it has no rule.</summary>
    public static IEnumerable<HttpBinding> Of(MethodDescriptor method)
    {
        if (method.GetOptions()?.GetExtension(AnnotationsExtensions.Http) is not { } rule)
        {
            yield break;
        }

        foreach (var (number, binding) in rule.AdditionalBindings.Prepend(rule).Index())
        {
            (HttpMethod Verb, string Path)? way = binding.PatternCase switch
            {
                HttpRule.PatternOneofCase.Get => (HttpMethod.Get, binding.Get),
                HttpRule.PatternOneofCase.Put => (HttpMethod.Put, binding.Put),
                HttpRule.PatternOneofCase.Post => (HttpMethod.Post, binding.Post),
                HttpRule.PatternOneofCase.Delete => (HttpMethod.Delete, binding.Delete),
                HttpRule.PatternOneofCase.Patch => (HttpMethod.Patch, binding.Patch),
                _ => null,
            };
            if (way is { } found)
            {
                yield return new HttpBinding(method, found.Verb, found.Path, binding.Body, number);
            }
        }
    }

    [GeneratedRegex(@"\{([a-z0-9_.]+)[^}]*\}")]
    private static partial Regex Parameters();
}
