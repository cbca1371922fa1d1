using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Strata.Architecture;

/// <summary>What a compiled type names.</summary>
internal static class NamedTypes
{
    /// <summary>
    /// All types that a type's base, interfaces, fields, signatures and code name, those of its nested types (closures and state machines)
    /// among them. A constant leaves no trace.
    /// </summary>
    public static IEnumerable<TypeReference> Of(TypeDefinition type)
    {
        var named = new List<TypeReference?>();
        named.AddRange(type.Interfaces.Select(i => i.InterfaceType).Append(type.BaseType));
        named.AddRange(type.Fields.Select(field => field.FieldType));
        foreach (var method in type.Methods)
        {
            named.Add(method.ReturnType);
            named.AddRange(method.Parameters.Select(parameter => parameter.ParameterType));
            if (method.HasBody)
            {
                named.AddRange(method.Body.Variables.Select(variable => variable.VariableType));
                named.AddRange(method.Body.Instructions.SelectMany(ByInstruction));
            }
        }

        return named.OfType<TypeReference>().SelectMany(Parts).Concat(type.NestedTypes.SelectMany(Of));
    }

    private static IEnumerable<TypeReference?> ByInstruction(Instruction instruction) => instruction.Operand switch
    {
        GenericInstanceMethod method => [.. method.GenericArguments, .. OfMethod(method)],
        MethodReference method => OfMethod(method),
        FieldReference field => [field.FieldType, field.DeclaringType],
        TypeReference type => [type],
        _ => [],
    };

    private static IEnumerable<TypeReference?> OfMethod(MethodReference method)
        => method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType).Append(method.DeclaringType);

    /// <summary>A type and the arguments of a generic one.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        _ => [type],
    };
}
