//! `parse_toml` as Python sees it: plain values, and a line for every path.

use pyo3::prelude::*;
use pyo3::types::{PyDate, PyDateTime, PyDelta, PyDict, PyList, PyTime, PyTuple, PyTzInfo};
use toml_edit::{Date, Datetime, Offset, Time};

use crate::toml::{self, Entries, Node, Value};

/// Parse a document into plain values and the line of every path.
#[pyfunction]
pub fn parse_toml<'py>(py: Python<'py>, text: &str) -> PyResult<(Bound<'py, PyDict>, Bound<'py, PyDict>)> {
    let entries = toml::parse(text)?;
    let mut conversion = Conversion { py, path: Vec::new(), lines: PyDict::new(py) };
    let table = conversion.table(&entries)?;
    Ok((table, conversion.lines))
}

struct Conversion<'py> {
    py: Python<'py>,
    /// Keys and indices from the root to where we are.
    path: Vec<Bound<'py, PyAny>>,
    lines: Bound<'py, PyDict>,
}

impl<'py> Conversion<'py> {
    fn table(&mut self, entries: &Entries) -> PyResult<Bound<'py, PyDict>> {
        let table = PyDict::new(self.py);
        for (key, node) in entries {
            let value = self.node(key.into_pyobject(self.py)?.into_any(), node)?;
            table.set_item(key, value)?;
        }
        Ok(table)
    }

    fn array(&mut self, nodes: &[Node]) -> PyResult<Bound<'py, PyList>> {
        let array = PyList::empty(self.py);
        for (index, node) in nodes.iter().enumerate() {
            array.append(self.node(index.into_pyobject(self.py)?.into_any(), node)?)?;
        }
        Ok(array)
    }

    fn node(&mut self, step: Bound<'py, PyAny>, node: &Node) -> PyResult<Bound<'py, PyAny>> {
        self.path.push(step);
        self.lines.set_item(PyTuple::new(self.py, &self.path)?, node.line)?;
        let value = self.value(&node.value)?;
        self.path.pop();
        Ok(value)
    }

    fn value(&mut self, value: &Value) -> PyResult<Bound<'py, PyAny>> {
        let py = self.py;
        Ok(match value {
            Value::String(text) => text.into_pyobject(py)?.into_any(),
            Value::Integer(number) => number.into_pyobject(py)?.into_any(),
            Value::Float(number) => number.into_pyobject(py)?.into_any(),
            Value::Boolean(truth) => truth.into_pyobject(py)?.to_owned().into_any(),
            Value::Datetime(moment) => datetime(py, moment)?,
            Value::Array(nodes) => self.array(nodes)?.into_any(),
            Value::Table(entries) => self.table(entries)?.into_any(),
        })
    }
}

fn datetime<'py>(py: Python<'py>, moment: &Datetime) -> PyResult<Bound<'py, PyAny>> {
    let zone = match moment.offset {
        None => None,
        Some(Offset::Z) => Some(PyTzInfo::utc(py)?.to_owned()),
        Some(Offset::Custom { minutes }) => {
            let offset = PyDelta::new(py, 0, i32::from(minutes) * 60, 0, true)?;
            Some(PyTzInfo::fixed_offset(py, offset)?)
        }
    };
    Ok(match (moment.date, moment.time) {
        (Some(Date { year, month, day }), Some(time)) => {
            let (hour, minute, second, micro) = clock(time);
            let zone = zone.as_ref();
            PyDateTime::new(py, i32::from(year), month, day, hour, minute, second, micro, zone)?.into_any()
        }
        (Some(Date { year, month, day }), None) => PyDate::new(py, i32::from(year), month, day)?.into_any(),
        (None, time) => {
            let (hour, minute, second, micro) = time.map_or((0, 0, 0, 0), clock);
            PyTime::new(py, hour, minute, second, micro, None)?.into_any()
        }
    })
}

/// Python counts microseconds; TOML lets what is finer be cut off.
fn clock(time: Time) -> (u8, u8, u8, u32) {
    (time.hour, time.minute, time.second.unwrap_or(0), time.nanosecond.unwrap_or(0) / 1000)
}
